package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.reactor.ReactorThread;
import dev.salvo.socket.Datagram;
import dev.salvo.testing.NetNamespace;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twisted's programs for multicast and broadcast, as in its howto, run on the other end of a cable. */
@Tag("interop")
@Tag("netns")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwistedPeersTest {

    private static final String SALVO = "192.0.2.1";
    private static final String TWISTED = "192.0.2.2";
    private static final String GROUP = "228.0.0.5";
    private static final int PORT = 9999;
    private static final int BROADCAST_PORT = 8000;
    private static final int PATIENCE_SECONDS = 20;
    /** The interval at which a datagram is repeated until the other side is up. */
    private static final Duration AGAIN = Duration.ofMillis(200);

    /**
     * The body of a test. It runs in Salvo's namespace, with a running reactor there and a Twisted process in the other
     * one.
     */
    @FunctionalInterface
    private interface Body {

        void run(ReactorThread running, DatagramTransport port, ChildProcess twisted) throws Exception;
    }

    /** Answers by a rule, and keeps what it receives. */
    private static final class Talker implements DatagramProtocol {

        final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final Setup setup;
        private final Rule rule;

        Talker(Setup setup, Rule rule) {
            this.setup = setup;
            this.rule = rule;
        }

        @FunctionalInterface
        interface Setup {

            void start(DatagramTransport transport) throws Exception;
        }

        @FunctionalInterface
        interface Rule {

            void answer(String text, Datagram datagram, DatagramTransport transport);
        }

        @Override
        public void startProtocol(DatagramTransport transport) throws Exception {
            setup.start(transport);
        }

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) {
            var text = Recorder.text(datagram);
            received.add(text + " from " + datagram.source());
            rule.answer(text, datagram, transport);
        }

        /**
         * Waits for the expected datagram. Others are skipped: a port's own datagrams arrive too, and those that the
         * other side repeats.
         */
        boolean hears(String expected) throws InterruptedException {
            var next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            while (next != null && !next.equals(expected)) {
                next = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            return next != null;
        }
    }

    private static void again(ReactorThread running, DatagramTransport port, String text, String host)
            throws Exception {
        running.call(() -> running.reactor()
                .callEvery(AGAIN, () -> port.write(text.getBytes(ISO_8859_1), host, port.localAddress().port())));
    }

    /** Connects two hosts by a cable, which is the default route of both, also for groups and 255.255.255.255. */
    private static void with(String twistedsPart, int port, Talker talker, Body body) throws Exception {
        try (var here = NetNamespace.open(); var there = NetNamespace.open()) {
            NetNamespace.connect(here, SALVO + "/24", there, TWISTED + "/24", 1500);
            here.in("route", "add", "default", "dev", "cable");
            there.in("route", "add", "default", "dev", "cable");
            try (var twisted = ChildProcess.twisted(there, "twisted_peers.py", twistedsPart)) {
                Callable<@Nullable Void> talk = () -> {
                    try (var running = ReactorThread.start()) {
                        var transport = running.call(() -> running.reactor().listenMulticast(port, talker));
                        body.run(running, transport, twisted);
                    }
                    return null;
                };
                here.call(talk);
            }
        }
    }

    private static String lineWith(String text, ChildProcess twisted) throws InterruptedException {
        var line = twisted.line();
        while (!line.startsWith(text)) {
            line = twisted.line();
        }
        return line;
    }

    @ParameterizedTest
    @ValueSource(strings = {"unicast", "multicast"})
    void twistedsMulticastClientReceivesThePong(String kind) throws Exception {
        var server = new Talker(transport -> {
            transport.setTTL(5);
            transport.joinGroup(GROUP);
        }, (text, datagram, transport) -> {
            if (text.equals("Client: Ping") && kind.equals("unicast")) {
                transport.write("Server: Pong".getBytes(ISO_8859_1), datagram.source());
            } else if (text.equals("Client: Ping")) {
                transport.write("Server: Pong".getBytes(ISO_8859_1), GROUP, PORT);
            }
        });
        with("multicast_client", PORT, server, (running, port, twisted) -> {
            assertTrue(server.hears("Client: Ping from " + TWISTED + ":" + PORT));
            assertEquals("Server: Pong from " + SALVO + ":" + PORT, twisted.line());
        });
    }

    @Test
    void twistedsMulticastServerAnswersThePing() throws Exception {
        var client = new Talker(transport -> {
            transport.joinGroup(GROUP);
            transport.setTTL(5);
        }, (text, datagram, transport) -> {});
        with("multicast_server", PORT, client, (running, port, twisted) -> {
            assertEquals("listening", twisted.line());
            again(running, port, "Client: Ping", GROUP);
            assertEquals("Client: Ping from " + SALVO + ":" + PORT, twisted.line());
            assertTrue(client.hears("Server: Pong from " + TWISTED + ":" + PORT));
        });
    }

    @Test
    void twistedsBroadcasterSendsAndReceives() throws Exception {
        var salvo = new Talker(transport -> transport.setBroadcastAllowed(true), (text, datagram, transport) -> {
            if (text.equals("PING twisted")) {
                transport.write("PONG twisted".getBytes(ISO_8859_1), datagram.source());
            }
        });
        with("broadcaster", BROADCAST_PORT, salvo, (running, port, twisted) -> {
            assertTrue(salvo.hears("PING twisted from " + TWISTED + ":" + BROADCAST_PORT));
            assertEquals("PONG twisted from " + SALVO + ":" + BROADCAST_PORT, twisted.line());

            again(running, port, "PING salvo", "<broadcast>");
            assertEquals("PING salvo from " + SALVO + ":" + BROADCAST_PORT, lineWith("PING salvo", twisted));
            assertTrue(salvo.hears("PONG salvo from " + TWISTED + ":" + BROADCAST_PORT));
        });
    }
}
