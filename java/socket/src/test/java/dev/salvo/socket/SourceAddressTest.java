package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.CablePair;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.NetNamespace;
import dev.salvo.testing.ThreeCables;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A socket bound to the wildcard sends from any address, and by any interface. */
@Tag("netns")
class SourceAddressTest {

    /** Any address, in a namespace of its own. */
    private static final int PORT = 4711;
    private static final List<String> ADDRESSES = List.of("2001:db8::1", "2001:db8::2", "2001:db8::3");

    @Test
    void everyIpv6AddressOfAHostCanBeTheSource() throws Exception {
        try (var namespace = NetNamespace.open()) {
            for (var address : ADDRESSES) {
                namespace.in("address", "add", address + "/128", "dev", "lo", "nodad");
            }
            Callable<List<SockAddr>> sources = SourceAddressTest::sourcesSeen;
            assertEquals(ADDRESSES.stream().map(address -> SockAddr.of(address, PORT)).toList(),
                    namespace.call(sources));
        }
    }

    private static List<SockAddr> sourcesSeen() throws SyscallException {
        try (var pair = new Pair(Loopback.IPV6);
                var sender = UdpSocket.open(Loopback.IPV6.family)) {
            sender.bind(SockAddr.of("::", PORT));
            var options = new SendOptions();
            for (var address : ADDRESSES) {
                Traffic.add(pair.out, pair.to, options.source(SockAddr.of(address, 0)), address);
            }
            assertEquals(3, sender.send(pair.out));
            assertEquals(List.of(), pair.out.failures());
            return pair.receive(3).stream().map(Datagram::source).toList();
        }
    }

    /** The receiver's own address identifies the cable: the sender's address is that of the interface. */
    @ParameterizedTest
    @EnumSource
    void aGroupIsReachedByTheRequestedInterface(GroupFamily family) throws Exception {
        ThreeCables.run(cables -> {
            for (var joined : ThreeCables.NAMES) {
                try (var pair = new CablePair(cables, family);
                        var out = SendBatch.open()) {
                    var group = family.group(1, pair.port);
                    cables.there.enter();
                    Multicast.join(pair.receiver, group, Multicast.interfaceIndex(joined));
                    cables.here.enter();
                    var options = new SendOptions();
                    for (var cable : ThreeCables.NAMES) {
                        Traffic.add(out, group, options.sourceInterface(Multicast.interfaceIndex(cable)), cable);
                    }
                    assertEquals(3, pair.sender.send(out));
                    assertEquals(List.of(), out.failures());
                    assertEquals(List.of(joined), pair.received(1));
                }
            }
        });
    }

    /**
     * With a source, the kernel also considers routes by other interfaces (ip6_route_output_flags_noref of
     * net/ipv6/route.c).
     */
    @Test
    void anInterfaceOverIpv6IsStrictOnlyWithoutASource() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV6);
                    var bound = UdpSocket.open(GroupFamily.IPV6.family);
                    var out = SendBatch.open()) {
                var to = SockAddr.of(ThreeCables.ipv6("cable-a", 2), pair.port);
                var source = SockAddr.of(ThreeCables.ipv6("cable-a", 1), 0);
                bound.bind(source);
                var options = new SendOptions().sourceInterface(Multicast.interfaceIndex("cable-b"));
                Traffic.add(out, to, options, "strict");
                pair.sender.send(out);
                assertEquals(Errno.ENETUNREACH, out.failures().getFirst().errno());
                Traffic.add(out, to, options, "bound");
                bound.send(out);
                Traffic.add(out, to, options.source(source), "source");
                pair.sender.send(out);
                assertEquals(List.of(), out.failures());
                bound.set(SocketLevelOptions.BINDTOIFINDEX, Multicast.interfaceIndex("cable-b"));
                Traffic.add(out, to, options, "device");
                bound.send(out);
                assertEquals(Errno.ENETUNREACH, out.failures().getFirst().errno());
                assertEquals(List.of("bound", "source"), pair.received(2));
            }
        });
    }

    /** The far ends of all cables have the same link-local address. */
    @Test
    void theScopeOfALinkLocalSourceChoosesTheInterface() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV6);
                    var out = SendBatch.open()) {
                var peer = SockAddr.of(ThreeCables.linkLocal(2), pair.port);
                for (var cable : ThreeCables.NAMES) {
                    var source = SockAddr.of(ThreeCables.linkLocal(1) + "%" + cable, 0);
                    Traffic.add(out, peer, new SendOptions().source(source), cable);
                }
                assertEquals(3, pair.sender.send(out));
                assertEquals(List.of(), out.failures());
                var scopes = new ArrayList<Integer>();
                for (var datagram : Traffic.receive(pair.receiver, pair.in(), 3)) {
                    scopes.add(datagram.source().scopeId());
                }
                assertEquals(3, scopes.stream().distinct().count(), scopes.toString());
            }
        });
    }
}
