package dev.salvo.agent.programs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileInputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.security.KeyStore;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.server.ServerConnectionConfig;
import tech.kwik.core.server.ServerConnector;
import tech.kwik.flupke.server.Http3ApplicationProtocolFactory;

/** An HTTP/3 server of kwik and flupke: QUIC by a DatagramSocket. */
public final class QuicProgram {

    public static final String PASSWORD = "password";
    /** Many packets, which are sent one right after the other. */
    public static final int BODY = 300_000;

    private QuicProgram() {}

    public static void main(String[] arguments) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        try (var file = new FileInputStream(arguments[0])) {
            keys.load(file, PASSWORD.toCharArray());
        }
        var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        var connector = ServerConnector.builder()
                .withSocket(socket)
                .withKeyStore(keys, "server", PASSWORD.toCharArray())
                .withConfiguration(ServerConnectionConfig.builder()
                        .maxOpenPeerInitiatedBidirectionalStreams(100)
                        .maxOpenPeerInitiatedUnidirectionalStreams(10)
                        .build())
                .withLogger(new NullLogger())
                .build();
        connector.registerApplicationProtocol("h3", new Http3ApplicationProtocolFactory((request, response) -> {
            response.setStatus(200);
            try (var body = response.getOutputStream()) {
                body.write("x".repeat(BODY).getBytes(US_ASCII));
            }
        }));
        connector.start();
        System.out.println("ready " + socket.getLocalPort());
    }
}
