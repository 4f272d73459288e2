package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.ScriptedKernel;
import dev.salvo.socket.internal.Syscall;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What can't be opened or adopted is refused with the call and the errno, and a descriptor stays its giver's. */
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

    @Test
    void openTellsWhichCallFailed() {
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
    void dropsAreUnknownWhereTheKernelDoesNotTellThem() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            kernel.always(Syscall.GETSOCKOPT, Answer.error(Errno.ENOPROTOOPT));

            assertEquals(-1, socket.statistics().kernelPacketDrops());
        }
    }
}
