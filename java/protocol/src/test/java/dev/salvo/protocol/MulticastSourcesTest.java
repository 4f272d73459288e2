package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.protocol.testing.FakeDatagramTransport;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A port and a fake transport join, leave, block and unblock sources of groups, and refuse the same calls. */
@Tag("loopback")
class MulticastSourcesTest {

    private static final String LO = "lo";

    private interface Body {
        void run(MulticastTransport transport, String group, String a, String b) throws Exception;
    }

    private static void onBoth(Loopback family, Body body) throws Exception {
        var ipv4 = family == Loopback.IPV4;
        var group = ipv4 ? "239.1.2.1" : "ff15::4:1";
        var a = ipv4 ? "192.0.2.1" : "2001:db8::1";
        var b = ipv4 ? "192.0.2.2" : "2001:db8::2";
        body.run(new FakeDatagramTransport(SockAddr.of(ipv4 ? "0.0.0.0" : "::", 9)), group, a, b);
        try (var reactor = Reactor.open()) {
            var options = PortOptions.defaults().withInterface(ipv4 ? "0.0.0.0" : "::");
            body.run(reactor.listenMulticast(0, (datagram, transport) -> {}, options), group, a, b);
        }
    }

    private static void assertErrno(int errno, Executable call) {
        var refusal = assertThrows(MulticastJoinException.class, call);
        assertEquals(Errno.name(errno), Errno.name(refusal.errno()), refusal.getMessage());
    }

    @ParameterizedTest
    @EnumSource(names = {"IPV4", "IPV6"})
    void leavingTheLastSourceLeavesTheGroup(Loopback family) throws Exception {
        onBoth(family, (transport, group, a, b) -> {
            assertErrno(Errno.EINVAL, () -> transport.leaveSource(group, a, LO));
            transport.joinSource(group, a, LO);
            assertErrno(Errno.EADDRNOTAVAIL, () -> transport.joinSource(group, a, LO));
            assertErrno(Errno.EADDRINUSE, () -> transport.joinGroup(group, LO));
            assertErrno(Errno.EINVAL, () -> transport.blockSource(group, b, LO));
            assertErrno(Errno.EINVAL, () -> transport.unblockSource(group, a, LO));
            assertErrno(Errno.EADDRNOTAVAIL, () -> transport.leaveSource(group, b, LO));
            transport.joinSource(group, b, LO);
            transport.leaveSource(group, a, LO);
            transport.leaveSource(group, b, LO);
            assertErrno(Errno.EADDRNOTAVAIL, () -> transport.leaveGroup(group, LO));
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"IPV4", "IPV6"})
    void sourcesOfAJoinedGroupCanBeBlocked(Loopback family) throws Exception {
        onBoth(family, (transport, group, a, b) -> {
            assertErrno(Errno.EINVAL, () -> transport.blockSource(group, a, LO));
            transport.joinGroup(group, LO);
            assertErrno(Errno.EADDRNOTAVAIL, () -> transport.unblockSource(group, a, LO));
            transport.blockSource(group, a, LO);
            assertErrno(Errno.EADDRNOTAVAIL, () -> transport.blockSource(group, a, LO));
            assertErrno(Errno.EINVAL, () -> transport.joinSource(group, b, LO));
            transport.unblockSource(group, a, LO);
            assertErrno(Errno.EINVAL, () -> transport.leaveSource(group, a, LO));
            transport.leaveGroup(group, LO);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"IPV4", "IPV6"})
    void invalidGroupsAndSourcesAreRefused(Loopback family) throws Exception {
        var other = family == Loopback.IPV4 ? "2001:db8::1" : "192.0.2.1";
        onBoth(family, (transport, group, a, b) -> {
            assertErrno(Errno.EINVAL, () -> transport.joinSource(a, b, LO));
            assertErrno(Errno.EADDRNOTAVAIL, () -> transport.joinSource(group, other, LO));
            assertThrows(InvalidAddressException.class, () -> transport.joinSource("all-hosts", a, LO));
            assertThrows(InvalidAddressException.class, () -> transport.blockSource(group, "somebody", LO));
        });
    }

    @Test
    void theExceptionNamesTheSource() throws Exception {
        onBoth(Loopback.IPV4, (transport, group, a, b) -> {
            var refusal = assertThrows(MulticastJoinException.class, () -> transport.blockSource(group, a, LO));
            assertEquals("Couldn't block 239.1.2.1 from 192.0.2.1 on lo: EINVAL (invalid argument)",
                    refusal.getMessage());
            assertEquals(a, refusal.source());
        });
    }

    @Test
    void aFakeListsItsSources() throws Exception {
        var fake = new FakeDatagramTransport();
        fake.joinSource("239.1.2.1", "192.0.2.1", LO);
        fake.joinSource("239.1.2.1", "192.0.2.2", LO);
        assertEquals("[239.1.2.1 on lo from 192.0.2.1, 192.0.2.2]", fake.groups().toString());
        fake.leaveGroup("239.1.2.1", LO);
        fake.joinGroup("239.1.2.1");
        fake.blockSource("239.1.2.1", "192.0.2.1", "");
        assertEquals("[239.1.2.1 except 192.0.2.1]", fake.groups().toString());
    }
}
