package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The errno of a source that cannot be joined, left, blocked or unblocked. */
@Tag("loopback")
class MulticastSourceErrnoTest {

    private static final int LO = 1;
    private static final int NOWHERE = 999_999_999;
    /** More sources than a socket takes. */
    private static final int MANY = 250;

    private static void assertErrno(int errno, Executable call) {
        assertEquals(
                Errno.name(errno), Errno.name(assertThrows(SyscallException.class, call).errno()));
    }

    private static SockAddr source(GroupFamily family, int number) {
        return SockAddr.of((family == GroupFamily.IPV4 ? "192.0.2." : "2001:db8::") + number, 0);
    }

    @ParameterizedTest
    @EnumSource
    void aGroupIsJoinedEitherForSourcesOrForAll(GroupFamily family) throws SyscallException {
        try (var socket = UdpSocket.open(family.family)) {
            var group = family.group(1, 0);
            var a = source(family, 1);
            var b = source(family, 2);
            assertErrno(Errno.EINVAL, () -> Multicast.leaveSource(socket, group, a, LO));
            assertErrno(Errno.EINVAL, () -> Multicast.blockSource(socket, group, a, LO));
            Multicast.joinSource(socket, group, a, LO);
            assertErrno(Errno.EADDRNOTAVAIL, () -> Multicast.joinSource(socket, group, a, LO));
            assertErrno(Errno.EADDRNOTAVAIL, () -> Multicast.leaveSource(socket, group, b, LO));
            assertErrno(Errno.EINVAL, () -> Multicast.blockSource(socket, group, b, LO));
            assertErrno(Errno.EINVAL, () -> Multicast.unblockSource(socket, group, a, LO));
            assertErrno(Errno.EADDRINUSE, () -> Multicast.join(socket, group, LO));
            Multicast.leave(socket, group, LO);

            Multicast.join(socket, group, LO);
            Multicast.blockSource(socket, group, a, LO);
            assertErrno(Errno.EADDRNOTAVAIL, () -> Multicast.blockSource(socket, group, a, LO));
            assertErrno(Errno.EADDRNOTAVAIL, () -> Multicast.unblockSource(socket, group, b, LO));
            assertErrno(Errno.EINVAL, () -> Multicast.joinSource(socket, group, b, LO));
            assertErrno(Errno.EINVAL, () -> Multicast.leaveSource(socket, group, a, LO));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInvalidGroupInterfaceOrFamilyIsRefused(GroupFamily family) throws SyscallException {
        try (var socket = UdpSocket.open(family.family)) {
            var a = source(family, 1);
            var other = source(family == GroupFamily.IPV4 ? GroupFamily.IPV6 : GroupFamily.IPV4, 1);
            assertErrno(Errno.EINVAL, () -> Multicast.joinSource(socket, SockAddr.of(family.unicast, 0), a, LO));
            assertErrno(Errno.ENODEV, () -> Multicast.joinSource(socket, family.group(1, 0), a, NOWHERE));
            assertErrno(Errno.ENODEV, () -> Multicast.blockSource(socket, family.group(1, 0), a, NOWHERE));
            assertErrno(Errno.EADDRNOTAVAIL, () -> Multicast.joinSource(socket, family.group(1, 0), other, LO));
        }
    }

    /** The limit is 10 for IPv4 and 64 for IPv6 unless a sysctl says otherwise. */
    @ParameterizedTest
    @EnumSource
    void sourcesAreLimitedByASysctl(GroupFamily family) throws IOException {
        try (var socket = UdpSocket.open(family.family)) {
            var group = family.group(1, 0);
            var joined = new int[1];
            assertErrno(Errno.ENOBUFS, () -> {
                for (int i = 1; i <= MANY; i++) {
                    Multicast.joinSource(socket, group, source(family, i), LO);
                    joined[0] = i;
                }
            });
            var file = Path.of(
                    "/proc/sys/net", family == GroupFamily.IPV4 ? "ipv4/igmp_max_msf" : "ipv6/mld_max_msf");
            // Other network namespaces than the first lack that of IPv6, though it is valid there too.
            if (Files.exists(file)) {
                // Not readString: it reads one byte first, and the kernel returns the number only in one whole read.
                assertEquals(Integer.parseInt(Files.readAllLines(file).getFirst()), joined[0]);
            }
        }
    }

    @Test
    void theMessageNamesTheSource() throws SyscallException {
        try (var socket = UdpSocket.open(GroupFamily.IPV4.family)) {
            var e = assertThrows(
                    SyscallException.class,
                    () -> Multicast.blockSource(
                            socket, SockAddr.of("239.1.2.3", 9), SockAddr.of("::ffff:192.0.2.1", 9), LO));
            assertEquals(
                    "setsockopt MCAST_BLOCK_SOURCE 239.1.2.3 from 192.0.2.1 on interface 1: EINVAL (invalid argument)",
                    e.getMessage());
        }
    }
}
