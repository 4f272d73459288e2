package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The calls of a path MTU query, and that it leaves no descriptor open. */
@Tag("fault")
class PathMtuCallsTest {

    private static final SockAddr SOMEWHERE = SockAddr.of("127.0.0.1", 9);

    private final ScriptedKernel kernel = new ScriptedKernel();

    private List<Syscall> calls() {
        return kernel.calls().stream().map(Call::name).toList();
    }

    /** Two of the thirteen ask for the network namespaces, if the kernel has SO_NETNS_COOKIE. */
    @Test
    void aQueryMakesSeventeenCallsAtMostAndClosesItsSocket() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            kernel.forget();
            assertEquals(65_535, PathMtu.to(socket, SOMEWHERE));
            assertEquals(
                    List.of(Syscall.GETSOCKNAME, Syscall.SOCKET, Syscall.CONNECT, Syscall.CLOSE),
                    calls().stream().filter(call -> call != Syscall.GETSOCKOPT).toList());
            assertTrue(kernel.calls(Syscall.GETSOCKOPT).size() <= 13, () -> calls().toString());
        }
    }

    @Test
    void aLackOfPortsIsNotCalledWouldBlock() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            kernel.next(Syscall.CONNECT, Answer.error(Errno.EAGAIN));
            var thrown = assertThrows(SyscallException.class, () -> PathMtu.to(socket, SOMEWHERE));
            assertEquals(
                    "connect 127.0.0.1:9, for which no local port is free: EADDRINUSE (address already in use)",
                    thrown.getMessage());
        }
    }

    @Test
    void theTemporarySocketIsClosedIfItsConnectFails() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            kernel.forget();
            kernel.next(Syscall.CONNECT, Answer.error(Errno.ENETUNREACH));
            var thrown = assertThrows(SyscallException.class, () -> PathMtu.to(socket, SOMEWHERE));
            assertEquals(Errno.ENETUNREACH, thrown.errno());
            assertEquals(Syscall.CLOSE, calls().getLast());
        }
    }
}
