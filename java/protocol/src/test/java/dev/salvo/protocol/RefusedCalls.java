package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * The program that {@link RefusedCallsTest} starts in a sandbox. It uses every call of the product, prints what worked
 * and each sentence that it is told, and at last how many milliseconds of CPU time an idle second took.
 */
public final class RefusedCalls {

    private static final Duration SETTLED = Duration.ofMillis(300);
    private static final Duration IDLE = Duration.ofSeconds(1);
    /** Kept, since a logger may be collected. */
    private static final Logger LOG = Logger.getLogger(Reactor.class.getName());

    private RefusedCalls() {}

    private static final class Named implements DatagramProtocol {

        private final String name;

        private Named(String name) {
            this.name = name;
        }

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) {
            say(name + " received " + datagram.text());
        }

        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            say(name + " was refused");
        }

        @Override
        public void stopProtocol(DatagramTransport transport) {
            say(name + " stopped");
        }

        @Override
        public String logPrefix() {
            return name;
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private static void listenToTheLog() {
        LOG.setUseParentHandlers(false);
        LOG.addHandler(new Handler() {
            @Override
            public void publish(LogRecord entry) {
                say("log: " + new SimpleFormatter().formatMessage(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    /** A part of the program; what it throws is a sentence, and the other parts are run. */
    private interface Part {
        void run() throws IOException;
    }

    private static void part(Part part) {
        try {
            part.run();
        } catch (IOException | RuntimeException e) {
            say("thrown: " + e.getMessage());
        }
    }

    public static void main(String[] arguments) {
        listenToTheLog();
        part(RefusedCalls::useSocket);
        part(RefusedCalls::useReactor);
        if (arguments.length > 0) {
            // By now every class is loaded, which takes descriptors, too.
            say("leaving " + arguments[0]);
            leaveDescriptors(Integer.parseInt(arguments[0]));
            part(RefusedCalls::useSocket);
            part(RefusedCalls::useReactor);
        }
        say("done");
    }

    /** Opens sockets until there are no more descriptors, and closes some. */
    private static void leaveDescriptors(int descriptors) {
        var sockets = new ArrayDeque<UdpSocket>();
        part(() -> {
            while (true) {
                sockets.add(UdpSocket.open(StandardProtocolFamily.INET));
            }
        });
        for (int i = 0; i < descriptors; i++) {
            sockets.remove().close();
        }
    }

    private static void useSocket() throws IOException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET);
                var out = SendBatch.open();
                var in = ReceiveBatch.open()) {
            socket.bind(SockAddr.of("127.0.0.1", 0));
            out.add("to itself".getBytes(ISO_8859_1), socket.localAddress());
            socket.send(out);
            if (socket.awaitReadable(SETTLED) && socket.receive(in) == 1) {
                say("socket received");
            }
            socket.drainErrors();
        }
    }

    private static void useReactor() throws IOException {
        try (var reactor = Reactor.open()) {
            var ports = new ArrayList<DatagramTransport>();
            var options = PortOptions.defaults().withInterface("127.0.0.1").withMaxSegments(128);
            for (var name : List.of("first", "second", "gone")) {
                part(() -> ports.add(reactor.listenUdp(0, new Named(name), options)));
            }
            part(() -> reactor.listenUdp(0, new Named("errors"), options.withErrors(true)));
            if (ports.size() == 3) {
                var deserted = ports.removeLast();
                deserted.stopListening();
                part(() -> {
                    var client = reactor.listenUdp(0, new Named("client"), options);
                    client.connect(deserted.localAddress());
                    reactor.callLater(Duration.ofMillis(50), () -> client.write(new byte[1]));
                });
                var second = ports.getLast().localAddress();
                reactor.callLater(Duration.ofMillis(50), () -> {
                    ports.getFirst().write("hello".getBytes(ISO_8859_1), second);
                    ports.getFirst().write("world".getBytes(ISO_8859_1), second);
                });
            }
            measureIdleness(reactor);
            reactor.run();
        }
    }

    private static void measureIdleness(Reactor reactor) {
        var threads = ManagementFactory.getThreadMXBean();
        reactor.callLater(SETTLED, () -> {
            var before = threads.getCurrentThreadCpuTime();
            reactor.callLater(IDLE, () -> {
                say("idle " + (threads.getCurrentThreadCpuTime() - before) / 1_000_000);
                reactor.stop();
            });
        });
    }
}
