package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.reactor.ReactorThread;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A port is connected to a peer behind a router that answers "administratively prohibited" at first, and later
 * forwards.
 */
@Tag("netns")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProhibitedPeerTest {

    private static final int WRITES = 1_000;
    private static final int TOGETHER = 10;
    private static final int PATIENCE_SECONDS = 20;

    private static final class Client implements DatagramProtocol {

        final SockAddr server;
        final Semaphore refusals = new Semaphore(0);
        final LinkedBlockingQueue<String> failures = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();

        Client(SockAddr server) {
            this.server = server;
        }

        @Override
        public void startProtocol(DatagramTransport transport) throws Exception {
            transport.connect(server);
        }

        @Override
        public void connectionRefused(SockAddr destination, DatagramTransport transport) {
            refusals.release();
            if (!destination.equals(server)) {
                failures.add("refused by " + destination);
            }
        }

        @Override
        public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport) {
            failures.add("failed " + destination + " " + Errno.name(errno));
        }

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) {
            received.add(Recorder.text(datagram) + " from " + datagram.source());
        }
    }

    @ParameterizedTest
    @EnumSource
    void writesAreRefusedUntilTheRouterForwardsThem(Loopback family) throws Exception {
        try (var network = new RoutedNetwork(family); var server = network.far.call(network::server)) {
            network.prohibit();
            network.host.call(() -> {
                try (var running = ReactorThread.start()) {
                    talk(running, network, server);
                }
                return null;
            });
        }
    }

    private static void talk(ReactorThread running, RoutedNetwork network, Peer server) throws Exception {
        var client = new Client(server.address());
        var options = PortOptions.defaults().withInterface(network.wildcard());
        var port = running.call(() -> running.reactor().listenUdp(0, client, options));

        for (int turn = 0; turn < WRITES / TOGETHER; turn++) {
            running.call(() -> writeSome(port));
        }
        assertTrue(client.refusals.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS), "connectionRefused was called");
        assertEquals(WRITES, running.call(port::statistics).socket().datagramsSent());
        assertEquals(List.of(), server.received());

        network.allow();
        running.call(() -> port.write("are you there".getBytes(ISO_8859_1)));
        assertEquals("are you there", server.receive());
        server.send(port.localAddress(), "yes".getBytes(ISO_8859_1));
        assertEquals("yes from " + server.address(), client.received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(List.of(), List.copyOf(client.failures));
        // One permit was acquired above.
        assertEquals(
                running.call(() -> port.statistics().socket().icmpErrors()),
                running.call(() -> 1L + client.refusals.availablePermits()));
    }

    /**
     * Writes datagrams of different lengths, so that each is a message of its own, and the errors of some hit the
     * others.
     */
    private static boolean writeSome(DatagramTransport port) {
        for (int length = 1; length <= TOGETHER; length++) {
            port.write(new byte[length]);
        }
        return true;
    }
}
