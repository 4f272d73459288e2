package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.FaultyReactor;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A write is refused only while the kernel accepts no more and the queue is full. After a refusal, writable is called
 * once, when half of the queue is free.
 */
@Tag("fault")
class WritableTest {

    /** Counts 100 bytes, with the 64 bytes that each datagram counts more: the queue holds ten. */
    private static final byte[] PAYLOAD = new byte[36];

    private static final PortOptions OPTIONS = Loopback.IPV4.options().withCoalescing(false).withSendQueueBytes(1_000);

    private boolean writing;
    private final Recorder protocol = new Recorder() {
        @Override
        public void writable(DatagramTransport transport) {
            assertFalse(writing, "writable was called inside write");
            events.add("writable, " + transport.statistics().datagramsQueued() + " waiting");
        }
    };

    @BeforeEach
    void forget() {
        protocol.events.clear();
    }

    private boolean write(DatagramTransport port, Peer peer) {
        writing = true;
        try {
            return port.write(PAYLOAD, peer.address());
        } finally {
            writing = false;
        }
    }

    /** Writes one datagram that the kernel refuses, nine more that the queue accepts, and one that it refuses. */
    private Call[] fill(FaultyReactor faulty, DatagramTransport port, Peer peer, Call... then) {
        var phases = new Call[2 + then.length];
        phases[0] = () -> assertTrue(write(port, peer));
        phases[1] = () -> {
            for (int i = 0; i < 9; i++) {
                assertTrue(write(port, peer));
            }
            assertFalse(write(port, peer));
            assertEquals(1, port.statistics().datagramsRefused());
            assertEquals(10, port.statistics().datagramsQueued());
        };
        System.arraycopy(then, 0, phases, 2, then.length);
        faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
        return phases;
    }

    private static void room(FaultyReactor faulty, int datagrams) {
        faulty.kernel.next(Syscall.SENDMMSG, Answer.real(datagrams));
        faulty.tellWritable();
    }

    @Test
    void writableIsCalledOnceWhenHalfIsFree() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, OPTIONS);
            faulty.phases(fill(
                    faulty,
                    port,
                    peer,
                    () -> room(faulty, 4),
                    () -> room(faulty, 1),
                    () -> room(faulty, 1),
                    () -> faulty.kernel.always(Syscall.SENDMMSG, Answer.real()),
                    faulty::tellWritable));
            assertEquals(List.of("start", "writable, 5 waiting", "stop"), protocol.events);
            assertEquals(10, peer.received().size());
            assertEquals(0, port.statistics().datagramsDropped());
        }
    }

    @Test
    void withoutARefusalWritableIsNotCalled() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, OPTIONS);
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    () -> assertTrue(write(port, peer)),
                    () -> assertTrue(write(port, peer)),
                    faulty::tellWritable,
                    () -> assertEquals(2, peer.received().size()));
            assertEquals(List.of("start", "stop"), protocol.events);
        }
    }

    @Test
    void whileTheKernelAcceptsMoreNoWriteIsRefused() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, OPTIONS.withSendQueueBytes(0));
            faulty.phases(() -> {
                for (int i = 0; i < 2_000; i++) {
                    assertTrue(write(port, peer));
                }
            });
            assertEquals(2_000, peer.received().size());
            assertEquals(List.of("start", "stop"), protocol.events);
        }
    }

    /** The flush sends the queue, so the next write is not refused; writable is called later. */
    @Test
    void aFlushMakesRoomAndWritableIsCalledAfterwards() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(protocol, OPTIONS);
            faulty.phases(fill(faulty, port, peer, () -> {
                faulty.kernel.always(Syscall.SENDMMSG, Answer.real());
                writing = true;
                port.flush();
                assertTrue(port.write(new byte[]{'!'}, peer.address()));
                port.flush();
                writing = false;
                var received = peer.received();
                assertEquals(11, received.size());
                assertEquals("!", received.getLast());
                assertEquals(List.of("start"), protocol.events);
            }));
            assertEquals(List.of("start", "writable, 0 waiting", "stop"), protocol.events);
        }
    }

    @Test
    void anExceptionInWritableIsLoggedAndCounted() throws Exception {
        var throwing = new Recorder() {
            @Override
            public void writable(DatagramTransport transport) throws Exception {
                super.writable(transport);
                throw new Exception("no");
            }
        };
        try (var log = CapturedLog.open();
                var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(throwing, OPTIONS);
            faulty.phases(fill(faulty, port, peer, () -> room(faulty, 9), () -> room(faulty, 1)));
            assertEquals(1, log.lines().size());
            assertEquals(1, port.statistics().callbackFailures());
            assertEquals(List.of("start", "writable", "stop"), throwing.events);
        }
    }

    /**
     * A datagram larger than half of the queue is refused while less than half of the queue is used. There is no more
     * room than at the refusal, so calling writable would only cause another refused write in every turn, as long as
     * the kernel accepts nothing.
     */
    @Test
    void writableIsNotCalledWhileNoMoreRoomIsFree() throws Exception {
        var large = new byte[900];
        var trying = new Recorder() {
            @Override
            public void writable(DatagramTransport transport) throws Exception {
                super.writable(transport);
                transport.write(large, Loopback.IPV4.address(9));
            }
        };
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(trying, OPTIONS);
            faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    () -> assertTrue(write(port, peer)),
                    () -> assertFalse(port.write(large, peer.address())),
                    () -> {},
                    () -> {},
                    () -> assertEquals(List.of("start"), trying.events),
                    () -> faulty.kernel.always(Syscall.SENDMMSG, Answer.real()),
                    faulty::tellWritable,
                    () -> assertEquals(List.of("start", "writable"), trying.events));
        }
    }
}
