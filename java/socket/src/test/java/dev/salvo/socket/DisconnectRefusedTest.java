package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Call;
import dev.salvo.socket.internal.ScriptedKernel;
import dev.salvo.socket.internal.Syscall;
import dev.salvo.socket.option.SockOpt;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disconnect that can't give back what the kernel took says what is lost. */
@Tag("fault")
class DisconnectRefusedTest {

    private static final SockOpt<Integer> DEVICE = SockOpt.ofInt("SO_BINDTOIFINDEX", Linux.SOL_SOCKET(),
            Linux.SO_BINDTOIFINDEX());

    private final ScriptedKernel kernel = new ScriptedKernel();

    private UdpSocket connected() throws SyscallException {
        var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
        socket.bind(SockAddr.of("127.0.0.1", 0));
        socket.connect(SockAddr.of("127.0.0.1", 9));
        return socket;
    }

    @Test
    void aPortThatSomebodyTookIsToldToBeLost() throws SyscallException {
        try (var socket = connected()) {
            var bound = socket.localAddress();
            kernel.next(Syscall.BIND, Answer.error(Errno.EADDRINUSE));

            var refused = assertThrows(SyscallException.class, socket::disconnect);

            assertEquals(Errno.EADDRINUSE, refused.errno());
            assertEquals("bind", refused.call());
            assertEquals("bind " + bound + ", a port lost by disconnecting: " + Errno.describe(Errno.EADDRINUSE),
                    refused.getMessage());
            // Without a peer, open, and free to be bound elsewhere.
            assertNull(socket.peerAddress());
            socket.bind(SockAddr.of("127.0.0.1", 0));
        }
    }

    /** Unbound from its device it must not get a port: it would hear what it was not to hear. */
    @Test
    void aDeviceThatIsNotGivenAgainIsToldToBeLost() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            socket.bind(SockAddr.of("127.0.0.1", 0));
            socket.set(DEVICE, 1);
            socket.connect(SockAddr.of("127.0.0.1", 9));
            kernel.next(Syscall.SETSOCKOPT, Answer.error(Errno.EPERM));

            var refused = assertThrows(SyscallException.class, socket::disconnect);

            assertEquals(Errno.EPERM, refused.errno());
            assertEquals("setsockopt SO_BINDTOIFINDEX 1, lost by disconnecting: " + Errno.describe(Errno.EPERM),
                    refused.getMessage());
            assertEquals(0, socket.localAddress().port());
        }
    }

    @Test
    void aKernelThatRefusesLeavesThePeer() throws SyscallException {
        try (var socket = connected()) {
            kernel.next(Syscall.CONNECT, Answer.error(Errno.EPERM));

            var refused = assertThrows(SyscallException.class, socket::disconnect);

            assertEquals("connect AF_UNSPEC: " + Errno.describe(Errno.EPERM), refused.getMessage());
            assertEquals(SockAddr.of("127.0.0.1", 9), socket.peerAddress());
        }
    }

    @Test
    void withoutAPeerNothingIsTouched() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            socket.bind(SockAddr.of("127.0.0.1", 0));
            kernel.forget();

            socket.disconnect();

            assertEquals(
                    List.of(Syscall.GETPEERNAME), kernel.calls().stream().map(Call::name).toList());
        }
    }

    @Test
    void aPortThatWasAskedForIsNotAskedForAgain() throws SyscallException {
        int port;
        try (var other = Loopback.IPV4.bound()) {
            port = other.localAddress().port();
        }
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            socket.bind(SockAddr.of("127.0.0.1", port));
            socket.connect(SockAddr.of("127.0.0.1", 9));
            kernel.forget();

            socket.disconnect();

            assertEquals(List.of(), kernel.calls(Syscall.BIND));
            assertEquals(List.of(), kernel.calls(Syscall.SETSOCKOPT));
        }
    }

    /** A kernel before Linux 5.1, or a sandbox: no device is known then, and none is asked for. */
    @Test
    void withoutTheOptionForDevicesItWorks() throws SyscallException {
        try (var socket = connected()) {
            var bound = socket.localAddress();
            socket.disconnect();
            kernel.always(Syscall.GETSOCKOPT, Answer.error(Errno.ENOPROTOOPT));
            socket.connect(SockAddr.of("127.0.0.1", 9));

            socket.disconnect();

            assertEquals(bound, socket.localAddress());
        }
    }
}
