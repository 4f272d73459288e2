package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.ForgedErrors;
import dev.salvo.testing.NetNamespace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Anyone can forge ICMP errors. A flood of them, about hosts that the socket never sent to, fails no datagram to a live
 * destination, and does not make Salvo believe that datagrams to it can't be joined. {@code -Dsalvo.flood.millis=3000}
 * makes the flood longer.
 */
@Tag("netns")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForgedErrorsTest {

    private static final Duration FLOOD = Duration.ofMillis(Long.getLong("salvo.flood.millis", 1_000));
    private static final int DATAGRAMS = 300;
    private static final int LENGTH = 100;

    private NetNamespace here;
    private NetNamespace there;

    @BeforeAll
    void join() throws IOException {
        here = NetNamespace.open();
        there = NetNamespace.open();
        NetNamespace.connect(here, "192.0.2.1/24", there, "192.0.2.2/24", 1500);
        here.in("address", "add", "2001:db8::1/64", "dev", "cable", "nodad");
        there.in("address", "add", "2001:db8::2/64", "dev", "cable", "nodad");
    }

    @AfterAll
    void part() throws IOException {
        // Either may be missing, after a join that was skipped or failed.
        for (var namespace : new NetNamespace[]{here, there}) {
            if (namespace != null) {
                namespace.close();
            }
        }
    }

    private static SockAddr address(boolean ipv6, int host) {
        return SockAddr.of((ipv6 ? "2001:db8::" : "192.0.2.") + host, 0);
    }

    /** Sends datagrams to a live destination, and now and then one without a route. */
    private static final class Sender implements AutoCloseable {

        final UdpSocket socket;
        final SendBatch out = SendBatch.open();
        private final SockAddr live;
        private final SockAddr routeless;
        final List<SendFailure> failures = new ArrayList<>();
        int rounds;

        Sender(UdpSocket socket, SockAddr live, SockAddr routeless) throws IOException {
            this.socket = socket;
            this.live = live;
            this.routeless = routeless;
            socket.set(live.isIpv6() ? Ipv6Options.RECVERR : IpOptions.RECVERR, true);
        }

        void round() throws IOException {
            rounds++;
            var payload = new byte[LENGTH];
            for (int i = 0; i < DATAGRAMS; i++) {
                out.add(payload, live);
                if (i == DATAGRAMS / 2) {
                    out.add(payload, routeless);
                }
            }
            socket.send(out);
            for (int i = 0; i < 1_000 && out.pendingDatagrams() > 0; i++) {
                socket.send(out);
            }
            assertEquals(0, out.pendingDatagrams());
            failures.addAll(out.failures());
            out.clear();
        }

        /** Sends for a while, and returns how many datagrams a message to the live destination had. */
        double datagramsPerMessage(Duration time) throws IOException {
            var datagrams = socket.statistics().datagramsSent();
            var messages = socket.statistics().messagesSent();
            var end = System.nanoTime() + time.toNanos();
            do {
                round();
            } while (System.nanoTime() < end);
            return (double) (socket.statistics().datagramsSent() - datagrams)
                    / (socket.statistics().messagesSent() - messages);
        }

        @Override
        public void close() {
            out.close();
            socket.close();
        }
    }

    private static void assertOnlyTheRoutelessFailed(Sender sender) {
        var own = new SendFailure(sender.routeless, LENGTH, Errno.ENETUNREACH);
        assertEquals(List.of(), sender.failures.stream().filter(each -> !each.equals(own)).toList());
        assertEquals(sender.rounds, sender.failures.size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void forgedErrorsAboutOthersNeitherFailNorSplitWhatGoesToALiveDestination(boolean ipv6) throws Exception {
        var routeless = SockAddr.of(ipv6 ? "2001:db9::1" : "203.0.113.1", 9);
        try (var socket = here.bound(address(ipv6, 1));
                var receiver = there.bound(address(ipv6, 2));
                var sender = new Sender(socket, receiver.localAddress(), routeless)) {
            var before = sender.datagramsPerMessage(Duration.ofMillis(50));
            double during;
            try (var flood = new ForgedErrors(there, socket.localAddress())) {
                during = sender.datagramsPerMessage(FLOOD);
                assertTrue(flood.isFlowing());
            }
            socket.drainErrors();
            var after = sender.datagramsPerMessage(Duration.ofMillis(50));

            var statistics = socket.statistics();
            assertTrue(statistics.icmpErrors() > 1_000, () -> "too few errors to be a flood: " + statistics);
            assertTrue(before > 50, () -> "joined before: " + before);
            assertOnlyTheRoutelessFailed(sender);
            assertTrue(during >= 0.9 * before,
                    () -> "joined during the flood: " + during + ", before " + before);
            assertTrue(after >= 0.9 * before, () -> "joined after the flood: " + after + ", before " + before);
        }
    }

    /** Then the kernel has no room in the error queue: the errors are pending all the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void forgedErrorsAboutOthersFailNothingWhenTheReceiveBufferIsFull(boolean ipv6) throws Exception {
        var routeless = SockAddr.of(ipv6 ? "2001:db9::1" : "203.0.113.1", 9);
        try (var socket = here.bound(address(ipv6, 1));
                var receiver = there.bound(address(ipv6, 2));
                var sender = new Sender(socket, receiver.localAddress(), routeless)) {
            for (int i = 0; i < 2_000 && socket.statistics().kernelPacketDrops() == 0; i++) {
                Traffic.add(sender.out, new byte[LENGTH], socket.localAddress());
                receiver.send(sender.out);
            }
            assertTrue(socket.statistics().kernelPacketDrops() > 0, "the receive buffer is not full");
            var before = sender.datagramsPerMessage(Duration.ofMillis(50));
            double during;
            try (var flood = new ForgedErrors(there, socket.localAddress())) {
                during = sender.datagramsPerMessage(FLOOD);
                assertTrue(flood.isFlowing());
            }

            assertEquals(0, socket.statistics().icmpErrors());
            assertOnlyTheRoutelessFailed(sender);
            assertTrue(during >= 0.9 * before,
                    () -> "joined during the flood: " + during + ", before " + before);
        }
    }
}
