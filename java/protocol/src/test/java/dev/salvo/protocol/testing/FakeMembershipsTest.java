package dev.salvo.protocol.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.protocol.MulticastJoinException;
import dev.salvo.socket.SockAddr;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Groups are compared as addresses and not as texts, and must be of a family that the port's socket supports. */
@Tag("unit")
class FakeMembershipsTest {

    private final FakeDatagramTransport ipv4 = new FakeDatagramTransport();
    private final FakeDatagramTransport ipv6 = new FakeDatagramTransport(SockAddr.of("::", 9999));

    private static int refused(Executable call) {
        return assertThrows(MulticastJoinException.class, call).errno();
    }

    @Test
    void differentTextsNameTheSameGroup() throws Exception {
        ipv6.joinGroup("ff02::1:3");
        assertEquals(Errno.EADDRINUSE, refused(() -> ipv6.joinGroup("ff02:0::1:3")));
        assertEquals(Errno.EADDRINUSE, refused(() -> ipv6.joinGroup("FF02::0001:0003")));
        assertEquals(Set.of("ff02::1:3"), ipv6.groups());
        ipv6.leaveGroup("ff02:0:0::1:3");
        assertEquals(Set.of(), ipv6.groups());
    }

    @Test
    void differentTextsNameTheSameSource() throws Exception {
        ipv6.joinSource("ff3e::1", "2001:db8::5", "");
        assertEquals(Errno.EADDRNOTAVAIL, refused(() -> ipv6.joinSource("ff3e:0::1", "2001:db8:0::5", "")));
        ipv6.leaveSource("ff3e:0::1", "2001:db8:0::5", "");
        assertEquals(Set.of(), ipv6.groups());
    }

    @Test
    void aJoinReturnsTheIndexThatLeavesIt() throws Exception {
        var eth0 = ipv4.joinGroup("224.0.1.1", "eth0");
        assertEquals(Errno.EADDRINUSE, refused(() -> ipv4.joinGroup("224.0.1.1", Integer.toString(eth0))));
        assertEquals(7, ipv4.joinGroup("224.0.1.1", "7"));
        assertEquals(eth0, ipv4.joinSource("224.0.1.2", "192.0.2.5", "eth0"));
        assertNotEquals(eth0, ipv4.joinGroup("224.0.1.1", "eth1"));
        ipv4.leaveGroup("224.0.1.1", Integer.toString(eth0));
        assertEquals(
                Set.of("224.0.1.1 on 7", "224.0.1.1 on eth1", "224.0.1.2 on eth0 from 192.0.2.5"), ipv4.groups());
    }

    /** The interface need not exist here. */
    @Test
    void theScopeOfAGroupIsItsInterface() throws Exception {
        var index = ipv6.joinGroup("ff02::1:3%eth0");
        assertEquals(index, ipv6.joinGroup("ff02::1:4", "eth0"));
        ipv6.leaveGroup("ff02::1:3", "eth0");
        assertEquals(Set.of("ff02::1:4 on eth0"), ipv6.groups());
    }

    @Test
    void aPortOnAUnicastAddressRefusesToJoin() throws Exception {
        var unicast = new FakeDatagramTransport(SockAddr.of("192.0.2.1", 9999));
        assertThrows(IllegalStateException.class, () -> unicast.joinGroup("224.0.1.1"));
        assertThrows(IllegalStateException.class, () -> unicast.joinSource("224.0.1.1", "192.0.2.5", ""));
        var bound = new FakeDatagramTransport(SockAddr.of("224.0.1.1", 9999));
        assertThrows(IllegalStateException.class, () -> bound.joinGroup("224.0.1.2"));
        bound.joinGroup("224.0.1.1");
        ipv4.connect("192.0.2.5", 9);
        assertThrows(IllegalStateException.class, () -> ipv4.joinGroup("224.0.1.1"));
    }

    @Test
    void anIpv4PortRefusesIpv6Groups() {
        assertEquals(Errno.ENOPROTOOPT, refused(() -> ipv4.joinGroup("ff02::1:3")));
        assertEquals(Errno.ENOPROTOOPT, refused(() -> ipv4.leaveGroup("ff02::1:3")));
        assertEquals(Errno.ENOPROTOOPT, refused(() -> ipv4.joinSource("ff3e::1", "2001:db8::5", "")));
        assertEquals(Errno.ENOPROTOOPT, refused(() -> ipv4.blockSource("ff3e::1", "2001:db8::5", "")));
        assertEquals(Set.of(), ipv4.groups());
    }

    @Test
    void anIpv6PortAcceptsIpv4Groups() throws Exception {
        ipv6.joinGroup("224.0.1.1");
        assertEquals(Errno.EADDRINUSE, refused(() -> ipv6.joinGroup("::ffff:224.0.1.1")));
        assertEquals(Set.of("224.0.1.1"), ipv6.groups());
    }
}
