package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.poll.EpollPoller;
import dev.salvo.socket.poll.EventFd;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A refused open or adopt reports the call and the errno. A descriptor that was passed in stays the caller's. */
@Tag("fault")
class AdoptRefusedTest {

    private final ScriptedKernel kernel = new ScriptedKernel();

    static IntStream notAnOpenSocket() {
        return IntStream.of(Linux.EBADF(), Linux.ENOTSOCK());
    }

    @ParameterizedTest
    @MethodSource("notAnOpenSocket")
    void adoptLeavesTheDescriptorOpen(int errno) {
        kernel.always(Syscall.GETSOCKOPT, Answer.error(errno));

        var refused = assertThrows(SyscallException.class, () -> kernel.open(() -> UdpSocket.adopt(1000)));

        assertEquals(errno, refused.errno());
        assertEquals("getsockopt", refused.call());
        assertEquals(List.of(), kernel.calls(Syscall.CLOSE));
    }

    /** SO_DOMAIN, SO_TYPE, SO_PROTOCOL in this order: TCP over IPv6, a ping socket, UDP-Lite, a Unix stream. */
    @ParameterizedTest
    @CsvSource({"10, 1, 6, EPROTOTYPE", "2, 2, 1, EPROTONOSUPPORT", "10, 2, 136, EPROTONOSUPPORT",
            "1, 1, 0, EAFNOSUPPORT", "2, 3, 17, EPROTOTYPE"})
    void theFirstUnsuitablePropertyIsReported(int domain, int type, int protocol, String errno) {
        kernel.always(Syscall.GETSOCKOPT, call -> {
            var value = Map.of(Linux.SO_DOMAIN(), domain, Linux.SO_TYPE(), type, Linux.SO_PROTOCOL(), protocol);
            call.memory(3).set(JAVA_INT, 0, value.getOrDefault(call.number(2), 0));
            return 0;
        });
        kernel.always(Syscall.FCNTL, Answer.value(1001));

        for (var adopting : List.<ScopedValue.CallableOp<?, SyscallException>>of(
                () -> UdpSocket.adopt(1000), () -> UdpSocket.adoptDuplicate(1000))) {
            var refused = assertThrows(SyscallException.class, () -> kernel.open(adopting));
            assertEquals(errno, Errno.name(refused.errno()));
            assertEquals("adopt 1000: " + Errno.describe(refused.errno()), refused.getMessage());
        }
        assertEquals(List.of(1001), kernel.calls(Syscall.CLOSE).stream().map(Call::fd).toList());
    }

    @Test
    void aFailedDuplicateIsReported() {
        kernel.always(Syscall.FCNTL, Answer.error(Errno.EMFILE));
        assertRefused("fcntl", Errno.EMFILE, () -> UdpSocket.adoptDuplicate(1000));
        assertEquals(List.of(), kernel.calls(Syscall.CLOSE));
    }

    @Test
    void openNamesTheCallThatFailed() {
        kernel.always(Syscall.SOCKET, Answer.error(Errno.EMFILE));
        kernel.always(Syscall.EVENTFD, Answer.error(Errno.ENFILE));
        kernel.always(Syscall.EPOLL_CREATE1, Answer.error(Errno.ENOSYS));
        kernel.always(Syscall.MMAP, Answer.error(Errno.ENOMEM));

        assertRefused("socket", Errno.EMFILE, () -> UdpSocket.open(StandardProtocolFamily.INET));
        assertRefused("eventfd", Errno.ENFILE, () -> EventFd.open());
        assertRefused("epoll_create1", Errno.ENOSYS, () -> EpollPoller.open());
        assertRefused("mmap", Errno.ENOMEM, () -> SendBatch.open());
        assertRefused("mmap", Errno.ENOMEM, () -> ReceiveBatch.open());
    }

    private void assertRefused(String call, int errno, ScopedValue.CallableOp<?, SyscallException> opening) {
        var refused = assertThrows(SyscallException.class, () -> kernel.open(opening));
        assertEquals(call, refused.call());
        assertEquals(errno, refused.errno());
    }

    @Test
    void dropsAreUnknownIfTheKernelDoesNotReportThem() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            kernel.always(Syscall.GETSOCKOPT, Answer.error(Errno.ENOPROTOOPT));

            assertEquals(-1, socket.statistics().kernelPacketDrops());
        }
    }
}
