package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.internal.NetNamespace;
import dev.salvo.socket.internal.ThreeCables;
import dev.salvo.socket.option.SocketOptions;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A socket that is bound to the wildcard sends from whichever address, and by whichever interface. */
@Tag("netns")
class SourceAddressTest {

    /** In a namespace of its own, any. */
    private static final int PORT = 4711;
    private static final List<String> ADDRESSES = List.of("2001:db8::1", "2001:db8::2", "2001:db8::3");

    private static void add(SendBatch batch, String text, SockAddr to, SendOptions options) {
        assertTrue(batch.add(MemorySegment.ofArray(Traffic.bytes(text)), 0, text.length(), to, options));
    }

    @Test
    void eachAddressOfAHostOverIpv6() throws Exception {
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
                add(pair.out, address, pair.to, options.source(SockAddr.of(address, 0)));
            }
            assertEquals(3, sender.send(pair.out));
            assertEquals(List.of(), pair.out.failures());
            return pair.receive(3).stream().map(Datagram::source).toList();
        }
    }

    /** The receiver's own address tells by which cable it came: the address of the sender is that of the interface. */
    @ParameterizedTest
    @EnumSource
    void aGroupIsReachedByTheInterfaceAsked(GroupFamily family) throws Exception {
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
                        add(out, cable, group, options.sourceInterface(Multicast.interfaceIndex(cable)));
                    }
                    assertEquals(3, pair.sender.send(out));
                    assertEquals(List.of(), out.failures());
                    assertEquals(List.of(joined), pair.received(1));
                }
            }
        });
    }

    /** With a source, routes by other interfaces count as well (ip6_route_output_flags_noref of net/ipv6/route.c). */
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
                add(out, "strict", to, options);
                pair.sender.send(out);
                assertEquals(Errno.ENETUNREACH, out.failures().getFirst().errno());
                add(out, "bound", to, options);
                bound.send(out);
                add(out, "source", to, options.source(source));
                pair.sender.send(out);
                assertEquals(List.of(), out.failures());
                bound.set(SocketOptions.BINDTOIFINDEX, Multicast.interfaceIndex("cable-b"));
                add(out, "device", to, options);
                bound.send(out);
                assertEquals(Errno.ENETUNREACH, out.failures().getFirst().errno());
                assertEquals(List.of("bound", "source"), pair.received(2));
            }
        });
    }

    /** The same link-local address is at the other end of every cable. */
    @Test
    void theScopeOfALinkLocalSourceChoosesTheInterface() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV6);
                    var out = SendBatch.open()) {
                var peer = SockAddr.of(ThreeCables.linkLocal(2), pair.port);
                for (var cable : ThreeCables.NAMES) {
                    var source = SockAddr.of(ThreeCables.linkLocal(1) + "%" + cable, 0);
                    add(out, cable, peer, new SendOptions().source(source));
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
