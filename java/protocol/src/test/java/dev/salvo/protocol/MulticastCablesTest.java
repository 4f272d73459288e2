package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.testing.ThreeCables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Joins groups on one of three interfaces, which a port names by name, index or address. */
@Tag("netns")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MulticastCablesTest {

    private static final String GROUP = "news";
    private static final String END = "end";

    /** How an interface is named. */
    private enum By {
        NAME, INDEX, IPV4, IPV6, LINK_LOCAL;

        /** The text that names the interface of a cable in the namespace of the calling thread. */
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

    private static PortOptions any(Loopback family) {
        return PortOptions.defaults().withInterface(family == Loopback.IPV4 ? "0.0.0.0" : "::");
    }

    /** A group of a scope that routers may forward. */
    private static String group(Loopback family, String which) {
        var last = which.equals(GROUP) ? "1" : "2";
        return (family == Loopback.IPV4 ? "239.1.2." : "ff15::4:") + last;
    }

    private static void send(DatagramTransport port, String text, Loopback family, String which, int number) {
        port.write(text.getBytes(ISO_8859_1), SockAddr.of(group(family, which), number));
        port.flush();
    }

    /** Records the news with their source, which is the address of the interface they left by. */
    private static final class Listener extends Recorder {

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) {
            var source = datagram.source().toInetSocketAddress().getAddress();
            var text = Recorder.text(datagram);
            events.add(text.equals(END) ? END : text + " of " + source.getHostAddress());
        }

        List<String> news() {
            return events.stream().filter(each -> each.contains(" of ")).sorted().toList();
        }
    }

    /** What a listener records of a text that left by a cable. */
    private static String of(String text, String cable, Loopback family) {
        var address = family == Loopback.IPV4 ? ThreeCables.ipv4(cable, 1) : ThreeCables.ipv6(cable, 1);
        return text + " of " + SockAddr.of(address, 0).toInetSocketAddress().getAddress().getHostAddress();
    }

    /** One listener for each cable, on one port number, in the other namespace. */
    private static final class Listeners {

        final List<Listener> heard = new ArrayList<>();
        final List<DatagramTransport> ports = new ArrayList<>();
        int number;

        Listeners(Reactor reactor, ThreeCables cables, Loopback family, By by) throws IOException {
            cables.there.enter();
            for (var cable : ThreeCables.NAMES) {
                var recorder = new Listener();
                var port = reactor.listenMulticast(number, recorder, any(family).withListenMultiple(true));
                number = port.localAddress().port();
                port.joinGroup(group(family, GROUP), by.spec(cable, 2));
                port.joinGroup(group(family, END), by.spec(cable, 2));
                heard.add(recorder);
                ports.add(port);
            }
            cables.here.enter();
        }

        /** For an IPv6 group every listener receives what arrives by any interface on which some socket has joined. */
        boolean haveHeardTheEnds(Loopback family) {
            long times = family == Loopback.IPV4 ? 1 : ThreeCables.NAMES.size();
            return heard.stream().allMatch(each -> each.events.stream().filter(END::equals).count() == times);
        }

        List<List<String>> news() {
            return heard.stream().map(Listener::news).toList();
        }
    }

    /**
     * What three listeners receive that have joined on one of these cables each; an empty name means none.
     *
     * <p>
     * For IPv4 the kernel also compares the interface (ip_mc_sf_allow of net/ipv4/igmp.c). For IPv6 it compares only
     * the group (inet6_mc_check of net/ipv6/mcast.c), of every packet that any socket's membership lets in by a device.
     */
    private static List<List<String>> expected(Loopback family, String... joined) {
        var all = Arrays.stream(joined).filter(cable -> !cable.isEmpty()).map(cable -> of(cable, cable, family))
                .toList();
        return Arrays.stream(joined)
                .map(cable -> cable.isEmpty()
                        ? List.<String>of()
                        : family == Loopback.IPV4 ? List.of(of(cable, cable, family)) : all)
                .toList();
    }

    /** Sends on each cable its name and then the end marker, which nothing overtakes on that cable. */
    private static void sendByEach(DatagramTransport sender, By by, Loopback family, int number) throws IOException {
        for (var cable : ThreeCables.NAMES) {
            sender.setOutgoingInterface(by.spec(cable, 1));
            send(sender, cable, family, GROUP, number);
            send(sender, END, family, END, number);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ipv4ReachesMembersOnTheInterfaceAndIpv6ReachesAllMembers(Loopback family) throws Exception {
        for (var by : By.values()) {
            ThreeCables.run(cables -> {
                try (var reactor = Reactor.open()) {
                    var listeners = new Listeners(reactor, cables, family, by);
                    var sender = reactor.listenUdp(0, new Recorder(), any(family));
                    sendByEach(sender, by, family, listeners.number);

                    Loop.runUntil(reactor, () -> listeners.haveHeardTheEnds(family));

                    assertEquals(
                            expected(family, "cable-a", "cable-b", "cable-c"), listeners.news(), by.name());
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPortThatLeftAGroupReceivesNothing(Loopback family) throws Exception {
        for (var by : By.values()) {
            ThreeCables.run(cables -> {
                try (var reactor = Reactor.open()) {
                    var listeners = new Listeners(reactor, cables, family, By.NAME);
                    cables.there.enter();
                    listeners.ports.get(1).leaveGroup(group(family, GROUP), by.spec("cable-b", 2));
                    cables.here.enter();
                    var sender = reactor.listenUdp(0, new Recorder(), any(family));
                    sendByEach(sender, By.NAME, family, listeners.number);

                    Loop.runUntil(reactor, () -> listeners.haveHeardTheEnds(family));

                    assertEquals(expected(family, "cable-a", "", "cable-c"), listeners.news(), by.name());
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void allMembersOnASharedPortReceive(Loopback family) throws Exception {
        ThreeCables.run(cables -> {
            try (var reactor = Reactor.open()) {
                var listeners = new Listeners(reactor, cables, family, By.NAME);
                cables.there.enter();
                listeners.ports.get(0).joinGroup(group(family, GROUP), "cable-b");
                listeners.ports.get(2).joinGroup(group(family, GROUP), "cable-b");
                cables.here.enter();
                var sender = reactor.listenUdp(0, new Recorder(), any(family));
                sender.setOutgoingInterface("cable-b");
                send(sender, "for all", family, GROUP, listeners.number);
                Loop.runUntil(reactor, () -> listeners.heard.stream().allMatch(each -> each.events.size() > 1));

                var one = List.of(of("for all", "cable-b", family));
                assertEquals(List.of(one, one, one), listeners.news());
            }
        });
    }

    /** Only members on the sender's own host do not receive the datagram. */
    @ParameterizedTest
    @EnumSource
    void withoutLoopbackOnlyTheOtherHostReceives(Loopback family) throws Exception {
        ThreeCables.run(cables -> {
            try (var reactor = Reactor.open()) {
                var listeners = new Listeners(reactor, cables, family, By.NAME);
                var sender = new Recorder();
                var port = reactor.listenMulticast(listeners.number, sender, any(family));
                port.joinGroup(group(family, GROUP), "cable-b");
                port.setOutgoingInterface("cable-b");
                send(port, "heard here", family, GROUP, listeners.number);
                port.setLoopbackMode(false);
                send(port, "heard there", family, GROUP, listeners.number);
                Loop.runUntil(reactor, () -> listeners.heard.get(1).events.size() == 3);

                assertEquals(List.of("start", "heard here", "stop"), sender.events);
                assertEquals(
                        List.of(of("heard here", "cable-b", family), of("heard there", "cable-b", family)),
                        listeners.news().get(1));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void multicastKeepsItsTtlAndTtl0LeavesUnlessTheHostHasJoined(Loopback family) throws Exception {
        ThreeCables.run(cables -> {
            try (var listener = ChildProcess.python(
                    cables.there, "group_listener.py", family == Loopback.IPV4 ? "4" : "6", group(family, GROUP),
                    "cable-b");
                    var reactor = Reactor.open()) {
                var number = Integer.parseInt(listener.line());
                var port = reactor.listenMulticast(0, new Recorder(), any(family));
                port.setOutgoingInterface("cable-b");
                send(port, "unset", family, GROUP, number);
                assertEquals("unset 1", listener.line());
                for (var ttl : List.of(2, 0, 255)) {
                    port.setTTL(ttl);
                    send(port, "set", family, GROUP, number);
                    assertEquals("set " + ttl, listener.line());
                }
                // With a member here, TTL 0 stays: ip_mc_output of net/ipv4/ip_output.c checks it, ip_output does not.
                port.joinGroup(group(family, GROUP), "cable-b");
                for (var ttl : List.of(0, 3)) {
                    port.setTTL(ttl);
                    send(port, "joined", family, GROUP, number);
                }
                assertEquals("joined 3", listener.line());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aMembershipBelongsToOneInterfaceHoweverItIsNamed(Loopback family) throws Exception {
        ThreeCables.run(cables -> {
            try (var reactor = Reactor.open()) {
                var port = reactor.listenMulticast(0, new Recorder(), any(family));
                var news = group(family, GROUP);
                port.joinGroup(news, "cable-a");
                port.joinGroup(news, "cable-b");
                for (var by : By.values()) {
                    var twice = assertThrows(
                            MulticastJoinException.class, () -> port.joinGroup(news, by.spec("cable-b", 1)));
                    assertEquals(Errno.EADDRINUSE, twice.errno(), by.name());
                    assertEquals(by.spec("cable-b", 1), twice.networkInterface());
                    var notThere = assertThrows(
                            MulticastJoinException.class, () -> port.leaveGroup(news, by.spec("cable-c", 1)));
                    assertEquals(Errno.EADDRNOTAVAIL, notThere.errno(), by.name());
                    assertEquals(news, notThere.group());
                }
                for (var nowhere : List.of("cable-d", "4711", ThreeCables.ipv4("cable-a", 2))) {
                    var unknown = assertThrows(MulticastJoinException.class, () -> port.joinGroup(news, nowhere));
                    assertEquals(Errno.ENODEV, unknown.errno(), nowhere);
                }
            }
        });
    }
}
