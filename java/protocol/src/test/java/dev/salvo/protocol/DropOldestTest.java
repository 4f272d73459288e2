package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.PortOptions.Overflow;
import dev.salvo.reactor.FaultyReactor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With DROP_OLDEST a full queue drops its oldest datagrams to make room for a write, and counts them. */
@Tag("fault")
class DropOldestTest {

    /** The queue holds ten datagrams of 36 bytes: each counts 64 bytes more. */
    private static final PortOptions OPTIONS = Loopback.IPV4.options()
            .withSendQueueBytes(1_000).withOverflow(Overflow.DROP_OLDEST);

    private static final PortOptions ALONE = OPTIONS.withCoalescing(false);

    private final Recorder protocol = new Recorder();

    private static String text(int number) {
        return String.format("%036d", number);
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(DropOldestTest::text).toList();
    }

    private static void write(DatagramTransport port, Peer peer, int from, int to) {
        texts(from, to).forEach(text -> assertTrue(port.write(text.getBytes(ISO_8859_1), peer.address())));
    }

    /** Writes one datagram, which the kernel refuses; from then on the kernel accepts none. */
    private static void block(FaultyReactor faulty, DatagramTransport port, Peer peer) {
        faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
        assertTrue(port.write(text(0).getBytes(ISO_8859_1), peer.address()));
        port.flush();
    }

    private static void unblock(FaultyReactor faulty) {
        faulty.kernel.always(Syscall.SENDMMSG, Answer.real());
        faulty.tellWritable();
    }

    private static void assertAccounts(DatagramTransport port, long written, long queued, long overflowed) {
        var statistics = port.statistics();
        assertEquals(queued, statistics.datagramsQueued());
        assertEquals(overflowed, statistics.datagramsOverflowed());
        assertEquals(written, queued + overflowed + statistics.socket().datagramsSent()
                + statistics.socket().datagramsFailed());
    }

    @Test
    void theNewestArriveInOrder() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, ALONE);
            faulty.phases(
                    () -> {
                        block(faulty, port, peer);
                        write(port, peer, 1, 25);
                        assertAccounts(port, 25, 10, 15);
                        unblock(faulty);
                    },
                    () -> {
                        assertEquals(texts(15, 25), peer.received());
                        assertAccounts(port, 25, 0, 15);
                        write(port, peer, 25, 50);
                    },
                    () -> assertEquals(texts(25, 50), peer.received()));
            assertEquals(0, port.statistics().datagramsRefused());
            assertEquals(List.of("start", "stop"), protocol.events);
        }
    }

    /** Joined datagrams form one message, which is dropped whole. The datagram written last is never part of it. */
    @Test
    void aJoinedMessageIsDroppedWhole() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, OPTIONS);
            faulty.phases(
                    () -> {
                        block(faulty, port, peer);
                        // Ten are one message, and the eleventh begins another.
                        write(port, peer, 1, 13);
                        assertAccounts(port, 13, 3, 10);
                        unblock(faulty);
                    },
                    () -> assertEquals(texts(10, 13), peer.received()));
            assertAccounts(port, 13, 0, 10);
        }
    }

    /**
     * Dropping would not make enough room: the datagram is refused as with REFUSE, and writable is called when it can
     * be sent.
     */
    @Test
    void aDatagramLargerThanTheQueueIsRefusedAndDropsNothing() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, ALONE);
            faulty.phases(
                    () -> {
                        block(faulty, port, peer);
                        write(port, peer, 1, 10);
                        assertFalse(port.write(new byte[937], peer.address()));
                        assertAccounts(port, 10, 10, 0);
                        assertEquals(1, port.statistics().datagramsRefused());
                        assertTrue(port.write(new byte[936], peer.address()));
                        assertAccounts(port, 11, 1, 10);
                        unblock(faulty);
                    },
                    () -> assertTrue(port.write(new byte[937], peer.address())));
            assertEquals(List.of(936, 937), peer.received().stream().map(String::length).toList());
            assertEquals(List.of("start", "writable", "stop"), protocol.events);
        }
    }

    /**
     * A datagram earlier in the batch has failed. The failure is reported once, whatever happens to the rest of the
     * batch.
     */
    @Test
    void anEarlierFailureIsReportedOnceAndNotCountedAsDropped() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, ALONE);
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EINVAL), Answer.error(Errno.EINVAL));
            faulty.phases(
                    () -> {
                        write(port, peer, 0, 1);
                        block(faulty, port, peer);
                        write(port, peer, 1, 30);
                        assertAccounts(port, 31, 10, 20);
                    },
                    () -> {
                        write(port, peer, 30, 50);
                        unblock(faulty);
                    },
                    () -> assertEquals(texts(40, 50), peer.received()));
            assertAccounts(port, 51, 0, 40);
            assertEquals(List.of("start", "failed " + peer.address() + " 36 EINVAL", "stop"), protocol.events);
        }
    }

    /** The queue spans several batches of 1 MiB. The first ones are dropped and returned to the reactor. */
    @Test
    void severalBatchesOverflow() throws Exception {
        var large = "x".repeat(60_000);
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, ALONE.withSendQueueBytes(3 << 20));
            faulty.phases(
                    () -> {
                        block(faulty, port, peer);
                        for (int i = 1; i < 500; i++) {
                            assertTrue(port.write((i + large).getBytes(ISO_8859_1), peer.address()));
                        }
                        assertAccounts(port, 500, 52, 448);
                        unblock(faulty);
                    },
                    () -> assertEquals(
                            IntStream.range(448, 500).mapToObj(i -> i + large).toList(), peer.received()));
            assertAccounts(port, 500, 0, 448);
        }
    }

    /** After ENOBUFS the port retries on a timer. Meanwhile the queue overflows as it does after EAGAIN. */
    @Test
    void theOldestAreDroppedAfterEnobufsToo() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, ALONE);
            faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.ENOBUFS));
            assertTrue(port.write(text(0).getBytes(ISO_8859_1), peer.address()));
            port.flush();
            write(port, peer, 1, 25);
            assertAccounts(port, 25, 10, 15);
            faulty.kernel.always(Syscall.SENDMMSG, Answer.real());
            Loop.runUntil(faulty.reactor, () -> port.statistics().datagramsQueued() == 0);
            assertEquals(texts(15, 25), peer.received());
            assertEquals(List.of("add in", "remove"), faulty.epoll.interests);
        }
    }

    @Test
    void anInvalidArgumentDropsNothing() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, ALONE);
            faulty.phases(() -> {
                block(faulty, port, peer);
                write(port, peer, 1, 10);
                assertThrows(
                        IndexOutOfBoundsException.class,
                        () -> port.write(MemorySegment.ofArray(new byte[36]), 1, 36, peer.address()));
                assertAccounts(port, 10, 10, 0);
            });
        }
    }
}
