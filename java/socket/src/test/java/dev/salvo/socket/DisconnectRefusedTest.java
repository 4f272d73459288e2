package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.testing.Loopback;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A disconnect that can't restore a setting reports which setting is lost. */
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
    void aPortThatSomebodyTookIsReportedAsLost() throws SyscallException {
        try (var socket = connected()) {
            var bound = socket.localAddress();
            kernel.next(Syscall.BIND, Answer.error(Errno.EADDRINUSE));

            var refused = assertThrows(SyscallException.class, socket::disconnect);

            assertEquals(Errno.EADDRINUSE, refused.errno());
            assertEquals("bind", refused.call());
            assertEquals("bind " + bound + ", to restore the port after disconnecting: "
                    + Errno.describe(Errno.EADDRINUSE),
                    refused.getMessage());
            // The socket has no peer, is open, and can be bound to another port.
            assertNull(socket.peerAddress());
            socket.bind(SockAddr.of("127.0.0.1", 0));
        }
    }

    /** Without its device the socket must not get a port: it would receive datagrams from other devices. */
    @Test
    void aDeviceThatCannotBeRestoredIsReportedAsLost() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            socket.bind(SockAddr.of("127.0.0.1", 0));
            socket.set(DEVICE, 1);
            socket.connect(SockAddr.of("127.0.0.1", 9));
            kernel.next(Syscall.SETSOCKOPT, Answer.error(Errno.EPERM));

            var refused = assertThrows(SyscallException.class, socket::disconnect);

            assertEquals(Errno.EPERM, refused.errno());
            assertEquals("setsockopt SO_BINDTOIFINDEX 1, to restore it after disconnecting: "
                    + Errno.describe(Errno.EPERM),
                    refused.getMessage());
            assertEquals(0, socket.localAddress().port());
        }
    }

    @Test
    void aRefusedDisconnectKeepsThePeer() throws SyscallException {
        try (var socket = connected()) {
            kernel.next(Syscall.CONNECT, Answer.error(Errno.EPERM));

            var refused = assertThrows(SyscallException.class, socket::disconnect);

            assertEquals("connect AF_UNSPEC: " + Errno.describe(Errno.EPERM), refused.getMessage());
            assertEquals(SockAddr.of("127.0.0.1", 9), socket.peerAddress());
        }
    }

    @Test
    void withoutAPeerNothingIsChanged() throws SyscallException {
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            socket.bind(SockAddr.of("127.0.0.1", 0));
            kernel.forget();

            socket.disconnect();

            assertEquals(
                    List.of(Syscall.GETPEERNAME), kernel.calls().stream().map(Call::name).toList());
        }
    }

    @Test
    void anExplicitPortIsNotBoundAgain() throws SyscallException {
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

    /** On a kernel before Linux 5.1, or in a sandbox, no device is known, and none is restored. */
    @Test
    void disconnectWorksWithoutTheDeviceOption() throws SyscallException {
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
