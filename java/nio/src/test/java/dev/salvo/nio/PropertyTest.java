package dev.salvo.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that is put on Salvo by the JDK's property alone. */
@Tag("loopback")
@Timeout(60)
class PropertyTest {

    @Test
    void theJdksPropertyPutsUdpAndTcpOfAProgramOnOneSelector() throws Exception {
        assertEquals(0, Child.run(
                List.of("-Djava.nio.channels.spi.SelectorProvider=" + SalvoProvider.class.getName()), Program.class));
    }

    /** Uses java.nio, and the JDK's HTTP server and client, which do. */
    static final class Program {

        private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

        private Program() {}

        public static void main(String[] arguments) throws Exception {
            udpAndTcp();
            http();
            // The threads of the HTTP client end a while later.
            System.exit(0);
        }

        private static void udpAndTcp() throws IOException {
            try (var selector = Selector.open();
                    var udp = DatagramChannel.open().bind(ANY_PORT);
                    var tcp = ServerSocketChannel.open().bind(ANY_PORT);
                    var asks = DatagramChannel.open().bind(ANY_PORT);
                    var calls = SocketChannel.open(tcp.getLocalAddress())) {
                for (var each : List.of(selector, udp)) {
                    require(each.getClass().getName().startsWith("dev.salvo.nio."), each.getClass().getName());
                }
                udp.configureBlocking(false).register(selector, SelectionKey.OP_READ);
                tcp.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
                asks.send(Loop.bytes("by udp"), udp.getLocalAddress());
                calls.write(Loop.bytes("by tcp"));
                for (int answered = 0; answered < 2;) {
                    selector.select();
                    for (var key : selector.selectedKeys()) {
                        answered += answer(key, selector);
                    }
                    selector.selectedKeys().clear();
                }
                require("by udp".equals(Loop.receive(asks)), "UDP");
                var buffer = ByteBuffer.allocate(6);
                while (buffer.hasRemaining() && calls.read(buffer) >= 0) {
                    // Until all of it is there.
                }
                require("by tcp".equals(StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString()), "TCP");
            }
        }

        /** Returns how many questions were answered. */
        private static int answer(SelectionKey key, Selector selector) throws IOException {
            var buffer = ByteBuffer.allocate(100);
            return switch (key.channel()) {
                case DatagramChannel udp -> {
                    var source = udp.receive(buffer);
                    udp.send(buffer.flip(), source);
                    yield 1;
                }
                case ServerSocketChannel tcp -> {
                    tcp.accept().configureBlocking(false).register(selector, SelectionKey.OP_READ);
                    yield 0;
                }
                case SocketChannel connection -> {
                    connection.read(buffer);
                    connection.write(buffer.flip());
                    yield 1;
                }
                default -> throw new AssertionError(key.channel());
            };
        }

        private static void http() throws Exception {
            var server = HttpServer.create(ANY_PORT, 0);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                try (var body = exchange.getResponseBody()) {
                    body.write("served".getBytes(StandardCharsets.UTF_8));
                }
            });
            server.start();
            try (var client = HttpClient.newHttpClient()) {
                var request = HttpRequest.newBuilder(URI.create("http:/" + server.getAddress() + "/")).build();
                require("served".equals(client.send(request, BodyHandlers.ofString()).body()), "HTTP");
            }
            server.stop(0);
        }

        private static void require(boolean condition, String what) {
            if (!condition) {
                throw new AssertionError(what);
            }
        }
    }
}
