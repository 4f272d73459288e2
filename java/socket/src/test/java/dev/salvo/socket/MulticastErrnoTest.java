package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The errno of an invalid join or leave, on the loopback device, whose index is 1. */
@Tag("loopback")
class MulticastErrnoTest {

    private static final int LO = 1;
    private static final int NOWHERE = 999_999_999;

    private static int errno(Executable call) {
        return assertThrows(SyscallException.class, call).errno();
    }

    @ParameterizedTest
    @EnumSource
    void aMemberCannotJoinAgainNorANonMemberLeave(GroupFamily family) throws SyscallException {
        try (var socket = UdpSocket.open(family.family)) {
            var group = family.group(1, 9);
            Multicast.join(socket, group, LO);
            assertEquals(Errno.EADDRINUSE, errno(() -> Multicast.join(socket, group, LO)));
            assertEquals(Errno.EADDRNOTAVAIL, errno(() -> Multicast.leave(socket, family.group(2, 9), LO)));
            assertEquals(Errno.EADDRNOTAVAIL, errno(() -> Multicast.leave(socket, group, NOWHERE)));
            Multicast.leave(socket, family.group(1, 0), LO);
            assertEquals(Errno.EADDRNOTAVAIL, errno(() -> Multicast.leave(socket, group, LO)));
            Multicast.join(socket, group, LO);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInvalidGroupOrInterfaceIsRefused(GroupFamily family) throws SyscallException {
        try (var socket = UdpSocket.open(family.family)) {
            assertEquals(Errno.EINVAL, errno(() -> Multicast.join(socket, SockAddr.of(family.unicast, 0), LO)));
            assertEquals(Errno.ENODEV, errno(() -> Multicast.join(socket, family.group(1, 0), NOWHERE)));
            assertEquals(Errno.ENODEV, errno(() -> Multicast.join(socket, family.group(1, 0), -1)));
        }
    }

    @Test
    void anIpv4SocketCannotJoinAnIpv6Group() throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            assertEquals(
                    Errno.ENOPROTOOPT, errno(() -> Multicast.join(socket, GroupFamily.IPV6.group(1, 0), LO)));
        }
    }

    @Test
    void ipv4GroupsAreLimitedByIgmpMaxMemberships() throws IOException {
        // Not readString: it reads one byte first, and the kernel returns the number only in one whole read.
        var lines = Files.readAllLines(Path.of("/proc/sys/net/ipv4/igmp_max_memberships"));
        var most = Integer.parseInt(lines.getFirst());
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            for (int i = 0; i < most; i++) {
                Multicast.join(socket, SockAddr.of("239.1." + i / 256 + "." + i % 256, 0), LO);
            }
            assertEquals(Errno.ENOBUFS, errno(() -> Multicast.join(socket, SockAddr.of("239.2.0.0", 0), LO)));
        }
    }

    @Test
    void theMessageNamesTheGroupAndTheInterface() throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            var e = assertThrows(
                    SyscallException.class, () -> Multicast.leave(socket, SockAddr.of("239.1.2.3", 9), LO));
            assertEquals(
                    "setsockopt MCAST_LEAVE_GROUP 239.1.2.3 on interface 1: EADDRNOTAVAIL (no such address here)",
                    e.getMessage());
            assertEquals("setsockopt", e.call());
        }
    }

    @Test
    void withoutAnInterfaceTheScopeIdNamesIt() throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET6)) {
            Multicast.join(socket, SockAddr.of("ff12::4:1%1", 0), 0);
            Multicast.leave(socket, SockAddr.of("ff12::4:1", 0), LO);
            assertEquals(
                    Errno.ENODEV, errno(() -> Multicast.join(socket, SockAddr.of("ff12::4:1%" + NOWHERE, 0), 0)));
        }
    }
}
