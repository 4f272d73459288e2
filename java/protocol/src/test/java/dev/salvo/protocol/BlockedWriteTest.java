package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.protocol.clock.Call;
import dev.salvo.reactor.FaultyReactor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * After EAGAIN the port keeps what was written and asks epoll for EPOLLOUT. It does so for no other error: epoll would
 * report a writable socket again and again.
 */
@Tag("fault")
class BlockedWriteTest {

    @ParameterizedTest
    @EnumSource
    void queuedDatagramsArriveOnceAndInOrder(Loopback family) throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(family)) {
            var port = faulty.listen(new Recorder(), family.options());
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    () -> {
                        port.write(new byte[]{'a'}, peer.address());
                        port.write(new byte[]{'b', 'b'}, peer.address());
                    },
                    () -> {
                        assertEquals(List.of("add in", "modify in out"), faulty.epoll.interests);
                        assertEquals(2, port.statistics().datagramsQueued());
                        assertTrue(port.write(new byte[]{'c'}, peer.address()));
                        // epoll has reported nothing, so the port does not try again.
                        assertEquals(1, faulty.count(Syscall.SENDMMSG));
                    },
                    () -> assertEquals(1, faulty.count(Syscall.SENDMMSG)),
                    faulty::tellWritable,
                    () -> {
                        assertEquals(List.of("a", "bb", "c"), peer.received());
                        assertEquals(List.of("add in", "modify in out", "modify in"), faulty.epoll.interests);
                        assertEquals(0, port.statistics().datagramsQueued());
                    });
            assertEquals(List.of(), peer.received());
            assertEquals(1, port.statistics().socket().sendsBlocked());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 22, 12, 13, 90, 97, 101, 105, 111, 113})
    void noOtherErrorArmsEpollout(int errno) throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(new Recorder(), Loopback.IPV4.options());
            faulty.kernel.always(Syscall.SENDMMSG, Answer.error(errno));
            faulty.phases(
                    () -> port.write(new byte[]{'a'}, peer.address()),
                    () -> {
                        port.write(new byte[]{'b'}, peer.address());
                        port.flush();
                    },
                    () -> assertEquals(List.of("add in"), faulty.epoll.interests));
        }
    }

    /** More than one batch is queued. It is sent in parts, and more is written in between. */
    @Test
    void severalQueuedBatchesArriveInOrder() throws Exception {
        var expected = new ArrayList<String>();
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(new Recorder(), Loopback.IPV4.options().withCoalescing(false));
            Call writeSome = () -> {
                for (int i = 0; i < 20; i++) {
                    expected.add(expected.size() + "x".repeat(10_000));
                    assertTrue(port.write(expected.getLast().getBytes(ISO_8859_1), peer.address()));
                }
            };
            faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            Call someRoom = () -> {
                faulty.kernel.next(Syscall.SENDMMSG, Answer.real(7), Answer.real(3));
                faulty.tellWritable();
            };
            faulty.phases(
                    writeSome,
                    writeSome,
                    writeSome,
                    someRoom,
                    () -> {
                        assertEquals(50, port.statistics().datagramsQueued());
                        assertEquals(10, peer.received().size());
                        writeSome.run();
                        someRoom.run();
                    },
                    () -> {
                        assertEquals(expected.subList(10, 20), peer.received());
                        faulty.kernel.always(Syscall.SENDMMSG, Answer.real());
                        faulty.tellWritable();
                    },
                    () -> assertEquals(expected.subList(20, 80), peer.received()));
            assertEquals(80, port.statistics().socket().datagramsSent());
        }
    }

    @Test
    void queuedDatagramsAreCountedAsDroppedOnClose() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(new Recorder(), Loopback.IPV4.options());
            faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    () -> {
                        for (int i = 0; i < 5; i++) {
                            port.write(new byte[]{'a'}, peer.address());
                        }
                    },
                    port::stopListening);
            assertEquals(5, port.statistics().datagramsDropped());
            assertEquals(0, port.statistics().datagramsQueued());
            assertEquals(List.of(), peer.received());
        }
    }

    /** The port tries once more on close: datagrams that the kernel then accepts are not dropped. */
    @Test
    void closingTriesOnceMore() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(new Recorder(), Loopback.IPV4.options().withCoalescing(false));
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN), Answer.real(2),
                    Answer.error(Errno.EAGAIN));
            faulty.phases(
                    () -> {
                        for (int i = 0; i < 5; i++) {
                            port.write(new byte[]{'a'}, peer.address());
                        }
                    },
                    () -> assertEquals(5, port.statistics().datagramsQueued()));
            assertEquals(3, port.statistics().datagramsDropped());
            assertEquals(List.of("a", "a"), peer.received());
        }
    }

    /** EAGAIN and ENOBUFS: no event has reported room, and flush tries all the same. */
    @ParameterizedTest
    @ValueSource(ints = {11, 105})
    void aFlushRetriesTheQueueAtOnce(int errno) throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(new Recorder(), Loopback.IPV4.options());
            faulty.kernel.always(Syscall.SENDMMSG, Answer.error(errno));
            faulty.phases(
                    () -> port.write(new byte[]{'a'}, peer.address()),
                    () -> {
                        port.write(new byte[]{'b', 'b'}, peer.address());
                        port.flush();
                        assertEquals(2, port.statistics().datagramsQueued());
                        faulty.kernel.always(Syscall.SENDMMSG, Answer.real());
                        port.flush();
                        assertEquals(0, port.statistics().datagramsQueued());
                        assertEquals(List.of("a", "bb"), peer.received());
                    },
                    () -> assertEquals("add in", faulty.epoll.interests.getLast().replace("modify", "add")));
        }
    }

    @Test
    void anEmptyFlushMakesNoSystemCall() throws Exception {
        try (var faulty = new FaultyReactor()) {
            var port = faulty.listen(new Recorder(), Loopback.IPV4.options());
            faulty.phases(port::flush, port::flush);
            assertEquals(0, faulty.count(Syscall.SENDMMSG));
        }
    }
}
