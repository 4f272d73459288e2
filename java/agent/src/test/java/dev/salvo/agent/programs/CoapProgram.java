package dev.salvo.agent.programs;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;

/** A CoAP server of Californium: DatagramSockets, each in threads that block. */
public final class CoapProgram {

    /** More than a block, so that it is transferred in several. */
    public static final String LONG_TEXT = "the quick brown fox jumps over the lazy dog. ".repeat(100);

    private CoapProgram() {}

    public static void main(String[] arguments) {
        CoapConfig.register();
        UdpConfig.register();
        var server = new CoapServer(Configuration.createStandardWithoutFile());
        server.addEndpoint(CoapEndpoint.builder()
                .setConfiguration(Configuration.createStandardWithoutFile())
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
        server.add(new Text("short", "hello"), new Text("long", LONG_TEXT));
        server.start();
        System.out.println("ready " + server.getEndpoints().getFirst().getAddress().getPort());
    }

    private static final class Text extends CoapResource {

        private final String text;

        private Text(String name, String text) {
            super(name);
            this.text = text;
        }

        @Override
        public void handleGET(CoapExchange exchange) {
            exchange.respond(text);
        }
    }
}
