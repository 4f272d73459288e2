package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.PortOptions.Overflow;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * While the kernel accepts no datagrams, an invalid write still throws, and a segmented write counts as several
 * datagrams.
 */
@Tag("fault")
class BlockedOptionsTest {

    /** The queue holds ten datagrams of 36 bytes: each counts 64 bytes more. */
    private static final PortOptions OPTIONS = Loopback.IPV4.options().withCoalescing(false).withSendQueueBytes(1_000);

    private static final byte[] PAYLOAD = new byte[36];
    private static final SendOptions FOREIGN = new SendOptions().source(SockAddr.of("::1", 0));
    private static final SendOptions BYTEWISE = new SendOptions().segmentSize(1);

    private final Recorder protocol = new Recorder();

    private static void block(FaultyReactor faulty, DatagramTransport port, Peer peer, int datagrams) {
        faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
        for (int i = 0; i < datagrams; i++) {
            assertTrue(port.write(PAYLOAD, peer.address()));
            port.flush();
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
    void anInvalidWriteThrowsAndDropsNothing(Overflow overflow) throws Exception {
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

    /** 900 bytes are left: 280 bytes and ten times 64 do not fit, 250 bytes and ten times 64 do. */
    @Test
    void eachSegmentCountsAsADatagram() throws Exception {
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

    /**
     * The write counts 740 bytes, so eight datagrams are dropped. One datagram of the same length would need only two.
     */
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
    void writableIsCalledAfterAnInvalidWrite() throws Exception {
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
