package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.CablePair;
import dev.salvo.testing.ThreeCables;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A socket bound to :: joins IPv4 groups as well. For those the IPv4 options apply. */
@Tag("netns")
class DualStackMulticastTest {

    @ParameterizedTest
    @ValueSource(strings = {"239.1.2.1", "::ffff:239.1.2.1"})
    void anIpv6SocketReceivesAnIpv4Group(String literal) throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV6);
                    var ipv4 = UdpSocket.open(GroupFamily.IPV4.family)) {
                pair.receiver.set(IpOptions.MULTICAST_ALL, false);
                var group = SockAddr.of(literal, pair.port);
                GroupFamily.IPV4.setOutgoing(ipv4, "cable-a");
                GroupFamily.IPV4.setOutgoing(pair.sender, "cable-a");

                pair.send(ipv4, GroupFamily.IPV4.group(1, pair.port), "before");
                cables.there.enter();
                var index = Multicast.interfaceIndex("cable-a");
                Multicast.join(pair.receiver, group, index);
                cables.here.enter();
                pair.send(ipv4, GroupFamily.IPV4.group(1, pair.port), "from IPv4");
                pair.send(group, "from IPv6");
                assertEquals(List.of("from IPv4", "from IPv6"), pair.received(2));

                Multicast.leave(pair.receiver, group, index);
                pair.send(group, "after");
                assertEquals(List.of(), pair.received(0));
                assertThrows(SyscallException.class, () -> Multicast.leave(pair.receiver, group, index));
            }
        });
    }

    /** Each family has its own MULTICAST_ALL; the option of the other family has no effect. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theIpv4MulticastAllAppliesToIpv4Groups(boolean all) throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV6)) {
                pair.receiver.set(Ipv6Options.MULTICAST_ALL, !all);
                pair.receiver.set(IpOptions.MULTICAST_ALL, all);
                cables.there.enter();
                try (var other = GroupFamily.IPV4.bound()) {
                    var group = GroupFamily.IPV4.group(1, pair.port);
                    Multicast.join(other, group, Multicast.interfaceIndex("cable-a"));
                    cables.here.enter();
                    GroupFamily.IPV4.setOutgoing(pair.sender, "cable-a");
                    pair.send(group, "to another's");
                    assertEquals(all ? List.of("to another's") : List.of(), pair.received(all ? 1 : 0));
                }
            }
        });
    }
}
