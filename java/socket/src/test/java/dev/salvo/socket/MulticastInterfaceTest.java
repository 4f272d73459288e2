package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.testing.CablePair;
import dev.salvo.testing.NetNamespace;
import dev.salvo.testing.ThreeCables;
import java.net.StandardProtocolFamily;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Trap 23: a group is joined on one interface and sent to by one interface, which is given by name, index or address.
 */
@Tag("netns")
class MulticastInterfaceTest {

    /** The ways to name an interface. */
    enum By {
        NAME, INDEX, IPV4, IPV6, LINK_LOCAL;

        String spec(String cable, int host) {
            var scoped = ThreeCables.linkLocal(host) + "%" + cable;
            return switch (this) {
                case NAME -> cable;
                case INDEX -> Integer.toString(SockAddr.of(scoped, 0).scopeId());
                case IPV4 -> ThreeCables.ipv4(cable, host);
                case IPV6 -> ThreeCables.ipv6(cable, host);
                case LINK_LOCAL -> scoped;
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyDatagramsOfTheJoinedInterfaceAreReceived(GroupFamily family) throws Exception {
        ThreeCables.run(cables -> {
            for (var by : By.values()) {
                try (var pair = new CablePair(cables, family)) {
                    var group = family.group(1, pair.port);
                    cables.there.enter();
                    var index = Multicast.interfaceIndex(by.spec("cable-b", 2));
                    Multicast.join(pair.receiver, group, index);
                    cables.here.enter();
                    sendByEach(pair, family, group);
                    assertEquals(List.of("cable-b"), pair.received(1), by.name());

                    Multicast.leave(pair.receiver, group, index);
                    sendByEach(pair, family, group);
                    assertEquals(List.of(), pair.received(0), by.name());
                }
            }
        });
    }

    /**
     * See ipv6_sock_mc_join and ipv6_sock_mc_drop of net/ipv6/mcast.c: the list begins with the last interface joined.
     */
    @Test
    void withoutAnInterfaceAnIpv6GroupIsLeftWhereItWasJoinedLast() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV6)) {
                var group = GroupFamily.IPV6.group(1, pair.port);
                cables.there.enter();
                Multicast.join(pair.receiver, group, Multicast.interfaceIndex("cable-b"));
                Multicast.join(pair.receiver, group, Multicast.interfaceIndex("cable-a"));
                var again = assertThrows(SyscallException.class, () -> Multicast.join(pair.receiver, group, 0));
                assertEquals(Errno.EADDRINUSE, again.errno());
                Multicast.leave(pair.receiver, group, 0);
                cables.here.enter();
                sendByEach(pair, GroupFamily.IPV6, group);
                assertEquals(List.of("cable-b"), pair.received(1));
            }
        });
    }

    private static void sendByEach(CablePair pair, GroupFamily family, SockAddr group) throws SyscallException {
        for (var cable : ThreeCables.NAMES) {
            family.setOutgoing(pair.sender, cable);
            pair.send(group, cable);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDatagramLeavesByTheChosenInterface(GroupFamily family) throws Exception {
        ThreeCables.run(cables -> {
            for (var joined : ThreeCables.NAMES) {
                try (var pair = new CablePair(cables, family)) {
                    var group = family.group(1, pair.port);
                    cables.there.enter();
                    Multicast.join(pair.receiver, group, Multicast.interfaceIndex(joined));
                    cables.here.enter();
                    for (var by : By.values()) {
                        family.setOutgoing(pair.sender, by.spec("cable-b", 1));
                        pair.send(group, by.name());
                    }
                    var all = Arrays.stream(By.values()).map(By::name).sorted().toList();
                    var expected = joined.equals("cable-b") ? all : List.of();
                    assertEquals(expected, pair.received(expected.size()), joined);
                }
            }
        });
    }

    /** The kernel reports the address alone: there is one only if the interface was given by it. */
    @Test
    void theChosenInterfaceReadsBackAsTheAddressThatItWasGivenBy() throws Exception {
        ThreeCables.run(cables -> {
            try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
                for (var by : By.values()) {
                    GroupFamily.IPV4.setOutgoing(socket, by.spec("cable-b", 1));
                    var read = socket.get(IpOptions.MULTICAST_IF);
                    assertEquals(
                            by == By.IPV4 ? ThreeCables.ipv4("cable-b", 1) : "0.0.0.0",
                            read.address().getHostAddress(), by.name());
                    assertEquals(0, read.index());
                }
                GroupFamily.IPV4.setOutgoing(socket, "");
                assertEquals("0.0.0.0", socket.get(IpOptions.MULTICAST_IF).address().getHostAddress());
            }
        });
    }

    /** Labels are what ifconfig shows as interfaces; the kernel itself would take any text after the colon. */
    @Test
    void theLabelOfAnAddressNamesItsInterface() throws Exception {
        try (var namespace = NetNamespace.open()) {
            namespace.in("link", "add", "d1", "type", "veth", "peer", "name", "d2");
            namespace.in("address", "add", "10.9.0.1/24", "dev", "d1", "label", "d1:1");
            namespace.in("link", "set", "d1", "up");
            namespace.call(() -> {
                var index = Multicast.interfaceIndex("d1");
                assertEquals(index, Multicast.interfaceIndex("d1:1"));
                assertEquals(index, Multicast.interfaceIndex("10.9.0.1"));
                assertEquals(index, Multicast.outgoingInterface("d1:1").index());
                try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
                    assertEquals(index, Multicast.interfaceIndex(socket, "d1:1"));
                    assertThrows(IllegalArgumentException.class, () -> Multicast.interfaceIndex(socket, "d1:2"));
                }
                for (var other : List.of("d1:2", "d1:", "d1:1 ", "lo:1", "d1:1:1")) {
                    assertThrows(IllegalArgumentException.class, () -> Multicast.interfaceIndex(other), other);
                }
                return null;
            });
        }
    }
}
