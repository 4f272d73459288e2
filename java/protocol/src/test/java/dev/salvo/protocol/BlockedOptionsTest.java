package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Syscall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** While the kernel takes nothing, a write that is wrong throws as ever, and several datagrams count as several. */
@Tag("fault")
class BlockedOptionsTest {

    /** Ten datagrams of 36 bytes are the queue, with the 64 that each counts beside. */
    private static final PortOptions OPTIONS = Loopback.IPV4.options().withCoalescing(false).withSendQueueBytes(1_000);

    private static final byte[] PAYLOAD = new byte[36];
    private static final SendOptions FOREIGN = new SendOptions().source(SockAddr.of("::1", 0));
    private static final SendOptions BYTEWISE = new SendOptions().segmentSize(1);

    private final Recorder protocol = new Recorder();

    private static void block(FaultyReactor faulty, DatagramTransport port, Peer peer, int datagrams) {
        faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
        for (int i = 0; i < datagrams; i++) {
            assertTrue(port.writeNow(PAYLOAD, peer.address()));
        }
    }

    private static void assertAccounts(DatagramTransport port, int queued, int overflowed, int refused) {
        var statistics = port.statistics();
        assertEquals(queued, statistics.datagramsQueued());
        assertEquals(overflowed, statistics.datagramsOverflowed());
        assertEquals(refused, statistics.datagramsRefused());
    }

    private static MemorySegment gone() {
        try (var arena = Arena.ofConfined()) {
            return arena.allocate(PAYLOAD.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrongThrowsAndDropsNothing(Overflow overflow) throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, OPTIONS.withOverflow(overflow));
            var to = peer.address();
            faulty.phases(() -> {
                block(faulty, port, peer, 10);
                assertThrows(IllegalArgumentException.class, () -> port.write(PAYLOAD, to, FOREIGN));
                assertThrows(IllegalArgumentException.class, () -> port.write(new byte[65], to, BYTEWISE));
                assertThrows(IllegalStateException.class, () -> port.write(gone(), 0, PAYLOAD.length, to));
                assertAccounts(port, 10, 0, 0);
            });
        }
    }

    /** 280 bytes and ten times 64 are more than the 900 that are left, and 250 are not. */
    @Test
    void eachSegmentCounts() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, OPTIONS);
            faulty.phases(() -> {
                block(faulty, port, peer, 1);
                assertFalse(port.write(new byte[280], peer.address(), new SendOptions().segmentSize(28)));
                assertAccounts(port, 1, 0, 10);
                assertTrue(port.write(new byte[250], peer.address(), new SendOptions().segmentSize(25)));
                assertAccounts(port, 11, 0, 10);
            });
        }
    }

    /** 740 in all: eight leave, where two would do for one datagram of the same length. */
    @Test
    void theOldestMakeRoomForEachSegment() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, OPTIONS.withOverflow(Overflow.DROP_OLDEST));
            faulty.phases(() -> {
                block(faulty, port, peer, 10);
                assertTrue(port.write(new byte[100], peer.address(), new SendOptions().segmentSize(10)));
                assertAccounts(port, 12, 8, 0);
            });
        }
    }

    @Test
    void writableIsToldAlsoAfterAWrongWrite() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, OPTIONS.withOverflow(Overflow.DROP_OLDEST));
            faulty.phases(
                    () -> {
                        block(faulty, port, peer, 10);
                        assertThrows(
                                IllegalArgumentException.class,
                                () -> port.write(new byte[936], peer.address(), FOREIGN));
                        assertFalse(port.write(new byte[937], peer.address()));
                        faulty.kernel.always(Syscall.SENDMMSG, Answer.real());
                        faulty.tellWritable();
                    });
            assertEquals(List.of("start", "writable", "stop"), protocol.events);
        }
    }
}
