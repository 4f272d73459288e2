package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.testing.NetNamespace;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The source address of the answers that a wildcard port sends on a host with two addresses. */
@Tag("netns")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnswerFromAskedTest {

    private static final PortOptions SWITCHED_ON = PortOptions.defaults().withAnswerFromAsked(true);

    /** Answers with a payload of its own instead of the received datagram, as most servers do. */
    private static final DatagramProtocol SERVER = (datagram, transport) -> transport
            .write("answer".getBytes(ISO_8859_1), datagram.source());

    private static final BatchProtocol BATCHES = (batch, transport) -> {
        for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
            transport.write(datagram, datagram.source());
        }
    };

    /** Sends a datagram from one address to the other, and returns the source address of the answer. */
    private static String answered(PortOptions options, Function<Reactor, DatagramProtocol> protocol, String from,
            String to) throws Exception {
        try (var host = NetNamespace.open()) {
            host.in("address", "add", "fd00::1/128", "dev", "lo", "nodad");
            host.in("address", "add", "fd00::2/128", "dev", "lo", "nodad");
            return host.call(() -> {
                try (var reactor = Reactor.open();
                        var client = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(from), 0))) {
                    var port = reactor.listenUdp(0, protocol.apply(reactor), options);
                    var asked = new InetSocketAddress(InetAddress.ofLiteral(to), port.localAddress().port());
                    client.send(new DatagramPacket(new byte[5], 5, asked));
                    Loop.turns(reactor, 3);
                    var answer = new DatagramPacket(new byte[10], 10);
                    client.setSoTimeout(10_000);
                    client.receive(answer);
                    return answer.getAddress().getHostAddress();
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
            "'', 127.0.0.1, 127.0.0.2",
            "::, 127.0.0.1, 127.0.0.2",
            "::, fd00:0:0:0:0:0:0:1, fd00:0:0:0:0:0:0:2"
    })
    void answersComeFromTheAddressThatWasAsked(String bound, String from, String to) throws Exception {
        assertEquals(to, answered(SWITCHED_ON.withInterface(bound), reactor -> SERVER, from, to));
    }

    @ParameterizedTest
    @CsvSource({"'', 127.0.0.1, 127.0.0.2", "::, 127.0.0.1, 127.0.0.2"})
    void withoutTheOptionTheRouteChoosesTheSource(String bound, String from, String to) throws Exception {
        assertEquals(from, answered(PortOptions.defaults().withInterface(bound), reactor -> SERVER, from, to));
    }

    @ParameterizedTest
    @CsvSource({"'', 127.0.0.1, 127.0.0.2", "::, fd00:0:0:0:0:0:0:1, fd00:0:0:0:0:0:0:2"})
    void aBatchProtocolAnswersFromTheAddressThatWasAsked(String bound, String from, String to) throws Exception {
        assertEquals(to, answered(SWITCHED_ON.withInterface(bound), reactor -> BATCHES, from, to));
    }

    /** SendOptions take precedence: they alone determine the source. */
    @ParameterizedTest
    @CsvSource({"'', 127.0.0.1, 127.0.0.2"})
    void sendOptionsOverrideTheAskedAddress(String bound, String from, String to) throws Exception {
        DatagramProtocol protocol = (datagram, transport) -> transport.write(datagram, datagram.source(),
                new SendOptions().source(SockAddr.of("127.0.0.3", 0)));
        assertEquals("127.0.0.3", answered(SWITCHED_ON.withInterface(bound), reactor -> protocol, from, to));
    }

    /** By then the datagram is no longer valid, and another may have arrived. */
    @ParameterizedTest
    @CsvSource({"'', 127.0.0.1, 127.0.0.2"})
    void aWriteAfterTheCallbackIsNotAnAnswer(String bound, String from, String to) throws Exception {
        Function<Reactor, DatagramProtocol> late = reactor -> (datagram, transport) -> {
            var source = datagram.source().copy();
            reactor.callLater(Duration.ZERO, () -> transport.write(new byte[1], source));
        };
        assertEquals(from, answered(SWITCHED_ON.withInterface(bound), late, from, to));
    }

    @Test
    void anAnswerBehindAnotherWriteKeepsItsOwnSource() throws Exception {
        try (var reactor = Reactor.open();
                var other = Peer.open(Loopback.IPV4);
                var client = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            var to = SockAddr.of((InetSocketAddress) client.getLocalSocketAddress());
            var port = reactor.listenUdp(0, (datagram, transport) -> transport.write(new byte[1], to), SWITCHED_ON);
            var number = port.localAddress().port();
            other.send(SockAddr.of("127.0.0.1", number), new byte[1]);
            var asked = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), number);
            client.send(new DatagramPacket(new byte[1], 1, asked));
            Loop.turns(reactor, 3);
            var answer = new DatagramPacket(new byte[1], 1);
            client.setSoTimeout(10_000);
            for (var source : new String[]{"127.0.0.1", "127.0.0.2"}) {
                client.receive(answer);
                assertEquals(source, answer.getAddress().getHostAddress());
            }
        }
    }

    /** 32 answers to one client from one address are joined into one message, with the option and without it. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void answersAreJoined(boolean on) throws Exception {
        try (var reactor = Reactor.open(); var client = Peer.open(Loopback.IPV4)) {
            var port = reactor.listenUdp(0, (datagram, transport) -> transport.write(datagram, datagram.source()),
                    PortOptions.defaults().withAnswerFromAsked(on));
            for (int i = 0; i < 32; i++) {
                client.send(SockAddr.of("127.0.0.1", port.localAddress().port()), new byte[8]);
            }
            Loop.turns(reactor, 3);
            assertEquals(32, client.receive(32).size());
            assertEquals(32, port.statistics().socket().datagramsSent());
            assertEquals(1, port.statistics().socket().messagesSent());
        }
    }
}
