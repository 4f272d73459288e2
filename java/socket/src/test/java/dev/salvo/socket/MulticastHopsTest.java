package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.CablePair;
import dev.salvo.testing.ThreeCables;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Trap 23: there are four kinds of TTL, each for its own destinations. Each arrives as it was set. */
@Tag("netns")
class MulticastHopsTest {

    @Test
    void ipv4TtlsArriveAsSet() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV4)) {
                pair.receiver.set(IpOptions.RECVTTL, true);
                var group = joined(cables, pair, GroupFamily.IPV4);
                pair.sender.set(IpOptions.TTL, 99);
                assertEquals(1, hops(pair, group));
                pair.sender.set(IpOptions.MULTICAST_TTL, 7);
                assertEquals(7, hops(pair, group));
                assertEquals(99, hops(pair, SockAddr.of(ThreeCables.ipv4("cable-a", 2), pair.port)));
            }
        });
    }

    @Test
    void ipv6HopLimitsIgnoreTheIpv4Options() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV6)) {
                pair.receiver.set(Ipv6Options.RECVHOPLIMIT, true);
                var group = joined(cables, pair, GroupFamily.IPV6);
                pair.sender.set(Ipv6Options.UNICAST_HOPS, 99);
                pair.sender.set(IpOptions.TTL, 98);
                pair.sender.set(IpOptions.MULTICAST_TTL, 97);
                assertEquals(1, hops(pair, group));
                pair.sender.set(Ipv6Options.MULTICAST_HOPS, 7);
                assertEquals(7, hops(pair, group));
                assertEquals(99, hops(pair, SockAddr.of(ThreeCables.ipv6("cable-a", 2), pair.port)));
            }
        });
    }

    /** An IPv6 socket has the options of both families; those of IPv4 apply to its IPv4 groups. */
    @Test
    void anIpv4GroupOnAnIpv6SocketUsesTheIpv4Ttl() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV6)) {
                pair.receiver.set(IpOptions.RECVTTL, true);
                var group = joined(cables, pair, GroupFamily.IPV4);
                pair.sender.set(Ipv6Options.MULTICAST_HOPS, 96);
                pair.sender.set(IpOptions.MULTICAST_TTL, 7);
                assertEquals(7, hops(pair, group));
            }
        });
    }

    private static SockAddr joined(ThreeCables cables, CablePair pair, GroupFamily family)
            throws SyscallException {
        var group = family.group(1, pair.port);
        cables.there.enter();
        Multicast.join(pair.receiver, group, Multicast.interfaceIndex("cable-a"));
        cables.here.enter();
        family.setOutgoing(pair.sender, "cable-a");
        return group;
    }

    private static int hops(CablePair pair, SockAddr to) throws SyscallException {
        pair.send(to, "how far?");
        assertTrue(pair.receiver.awaitReadable(Duration.ofSeconds(10)));
        assertEquals(1, pair.receiver.receive(pair.in()));
        Objects.requireNonNull(pair.in().next());
        var control = pair.in().control();
        assertTrue(control.next());
        assertTrue(control.is(Linux.IPPROTO_IP(), Linux.IP_TTL())
                || control.is(Linux.IPPROTO_IPV6(), Linux.IPV6_HOPLIMIT()));
        return control.getInt(0);
    }
}
