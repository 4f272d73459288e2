package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An interface is given as text: a name, an index or an address. The loopback device has index 1 in every namespace.
 */
@Tag("loopback")
class InterfaceIndexTest {

    @ParameterizedTest
    @ValueSource(strings = {"lo", "1", "127.0.0.1", "::1", "::ffff:127.0.0.1", "::1%lo", "::1%1", "::1%0"})
    void theLoopbackDeviceIsFound(String spec) throws SyscallException {
        assertEquals(1, Multicast.interfaceIndex(spec));
        var outgoing = Multicast.outgoingInterface(spec);
        assertEquals(1, outgoing.index());
        assertEquals("127.0.0.1", outgoing.address().getHostAddress());
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            assertEquals(1, Multicast.interfaceIndex(socket, spec));
            assertEquals(outgoing, Multicast.outgoingInterface(socket, spec));
        }
    }

    /** Without an address the kernel would send from 0.0.0.0, since 127.0.0.1 has host scope. */
    @Test
    void datagramsToAGroupThroughTheLoopbackDeviceHaveItsAddress() throws SyscallException {
        try (var receiver = UdpSocket.open(StandardProtocolFamily.INET);
                var sender = UdpSocket.open(StandardProtocolFamily.INET);
                var in = ReceiveBatch.open();
                var out = SendBatch.open()) {
            receiver.bind(SockAddr.of("0.0.0.0", 0));
            var group = SockAddr.of("239.1.2.3", receiver.localAddress().port());
            Multicast.join(receiver, group, 1);
            sender.set(IpOptions.MULTICAST_IF, Multicast.outgoingInterface(sender, "lo"));
            out.add(new byte[]{1}, group);
            sender.send(out);
            assertEquals("127.0.0.1", Traffic.receive(receiver, in, 1).getFirst().source().host());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0.0.0.0", "::"})
    void anUnspecifiedInterfaceIsIndex0(String spec) throws SyscallException {
        assertEquals(0, Multicast.interfaceIndex(spec));
        var outgoing = Multicast.outgoingInterface(spec);
        assertEquals(0, outgoing.index());
        assertEquals("0.0.0.0", outgoing.address().getHostAddress());
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-if", "999999999", "9999999999", "198.51.100.77", "2001:db8::77", "fe80::77%lo",
            "::1%no-such-if", "127.0.0.256"})
    void anUnknownInterfaceIsEnodev(String spec) {
        assertEquals(
                Errno.ENODEV,
                assertThrows(SyscallException.class, () -> Multicast.interfaceIndex(spec)).errno());
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "lo ", "sixteen-letters-", "eth0/1", ":", "::1%", "::1%%", "%lo", "lo%1", "[::1]",
            "127.0.0.1%lo", "127.0.0.1:80", "eth0:1", ".", "..", "lo\0"})
    void aSpecThatNamesNoInterfaceIsRefused(String spec) {
        var e = assertThrows(IllegalArgumentException.class, () -> Multicast.interfaceIndex(spec));
        assertEquals("not the name, the index or an address of a network interface: " + spec, e.getMessage());
    }

    @Test
    void theMessageNamesTheInterface() {
        var e = assertThrows(SyscallException.class, () -> Multicast.interfaceIndex("no-such-if"));
        assertEquals("if_nametoindex no-such-if: ENODEV (no such device)", e.getMessage());
        e = assertThrows(SyscallException.class, () -> Multicast.interfaceIndex("198.51.100.77"));
        assertEquals("getifaddrs 198.51.100.77: ENODEV (no such device)", e.getMessage());
    }

    @Test
    void theAddressListIsAlwaysReleased() throws SyscallException {
        var kernel = new ScriptedKernel();
        kernel.open(() -> Multicast.interfaceIndex("127.0.0.1"));
        assertThrows(SyscallException.class, () -> kernel.open(() -> Multicast.interfaceIndex("198.51.100.77")));
        assertEquals(2, kernel.calls(Syscall.GETIFADDRS).size());
        assertEquals(2, kernel.calls(Syscall.FREEIFADDRS).size());
    }

    @Test
    void aFailedGetifaddrsIsReported() {
        var kernel = new ScriptedKernel();
        kernel.next(Syscall.GETIFADDRS, Answer.error(Errno.ENOBUFS));
        var e = assertThrows(
                SyscallException.class, () -> kernel.open(() -> Multicast.interfaceIndex("127.0.0.1")));
        assertEquals(Errno.ENOBUFS, e.errno());
        assertTrue(kernel.calls(Syscall.FREEIFADDRS).isEmpty());
    }

    /** What the C library makes of a socket that it can't open. */
    private static ScriptedKernel withoutDescriptors() {
        var kernel = new ScriptedKernel();
        kernel.always(Syscall.IF_NAMETOINDEX, Answer.error(Errno.ENOENT));
        kernel.always(Syscall.IF_INDEXTONAME, Answer.error(Errno.ENOENT));
        kernel.always(Syscall.SOCKET, Answer.error(Errno.EMFILE));
        return kernel;
    }

    @ParameterizedTest
    @ValueSource(strings = {"lo", "1", "::1%lo"})
    void withoutDescriptorsTheErrorIsEmfile(String spec) {
        var kernel = withoutDescriptors();
        var e = assertThrows(SyscallException.class, () -> kernel.open(() -> Multicast.interfaceIndex(spec)));
        assertEquals(Errno.EMFILE, e.errno());
    }

    @Test
    void withoutDescriptorsAScopeIsNotAnUnknownInterface() {
        var kernel = withoutDescriptors();
        var e = assertThrows(UncheckedIOException.class, () -> kernel.open(() -> SockAddr.of("fe80::1%lo", 9)));
        assertEquals("if_nametoindex lo: EMFILE (too many open descriptors in this process)",
                assertInstanceOf(SyscallException.class, e.getCause()).getMessage());
    }

    @Test
    void aDescriptorThatIsFreeAgainIsUsed() throws SyscallException {
        var kernel = new ScriptedKernel();
        kernel.next(Syscall.IF_NAMETOINDEX, Answer.error(Errno.ENOENT));
        assertEquals(1, (int) kernel.open(() -> Multicast.interfaceIndex("lo")));
        assertEquals(kernel.calls(Syscall.SOCKET).size(), kernel.calls(Syscall.CLOSE).size());
    }
}
