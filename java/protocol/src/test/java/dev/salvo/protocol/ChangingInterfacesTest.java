package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import dev.salvo.linux.Errno;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.Traffic;
import dev.salvo.testing.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Interfaces come and go, and change their names, addresses and routes, while a port has joined groups on them. */
@Tag("netns")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChangingInterfacesTest {

    private static final List<String> GROUPS = List.of("239.1.2.1", "ff15::4:1");

    /** What a program does about its groups when its interface was replaced. */
    enum Habit {
        /** It leaves by the name before the interface goes. */
        LEAVES_BEFORE,
        /** It leaves by the name when the interface is gone. */
        LEAVES_AFTER,
        /** It leaves by the name when the next interface is there. */
        LEAVES_LATE,
        /** It leaves by the index that the join returned. */
        LEAVES_BY_INDEX,
        /** It only joins again. */
        JOINS_AGAIN;

        void leave(Habit now, MulticastTransport port, List<Integer> indexes) throws IOException {
            if (this != now) {
                return;
            }
            for (int i = 0; i < GROUPS.size(); i++) {
                port.leaveGroup(GROUPS.get(i), this == LEAVES_BY_INDEX ? Integer.toString(indexes.get(i)) : "usb0");
            }
        }
    }

    private interface Body {
        void run(NetNamespace namespace, Reactor reactor) throws Exception;
    }

    private static void inNamespace(Body body) throws Exception {
        try (var namespace = NetNamespace.open()) {
            namespace.call(() -> {
                try (var reactor = Reactor.open()) {
                    body.run(namespace, reactor);
                }
                return null;
            });
        }
    }

    private static void plug(NetNamespace namespace, String name, String ipv4, String ipv6) throws IOException {
        var batch = Files.createTempFile("salvo", ".ip");
        try {
            Files.writeString(batch, """
                    link add NAME type veth peer name NAME-end
                    link set NAME addrgenmode none
                    address add %s/24 dev NAME
                    address add %s/64 dev NAME nodad
                    link set NAME up
                    link set NAME-end up
                    """.formatted(ipv4, ipv6).replace("NAME", name));
            namespace.in("-batch", batch.toString());
        } finally {
            Files.delete(batch);
        }
        awaitCarrier(namespace, name);
    }

    /** A worker of the kernel routes to IPv6 groups by an interface when it has a carrier. */
    private static void awaitCarrier(NetNamespace namespace, String name) throws IOException {
        for (int i = 0; i < 500; i++) {
            var routes = NetNamespace.ip("-6", "-n", namespace.name(), "route", "show", "table", "all", "dev", name);
            if (routes.contains("ff00::/8") && !routes.contains("linkdown")) {
                return;
            }
        }
        fail("no carrier: " + name);
    }

    private static DatagramTransport dualStack(Reactor reactor, Recorder protocol) throws IOException {
        return reactor.listenMulticast(0, protocol, PortOptions.defaults().withInterface("::"));
    }

    /** One sender for each group. */
    private static List<DatagramTransport> senders(Reactor reactor) throws IOException {
        return List.of(
                reactor.listenUdp(0, new Recorder()),
                reactor.listenUdp(0, new Recorder(), PortOptions.defaults().withInterface("::")));
    }

    /** Sends its name to each group by an interface, from this host to itself. */
    private static void send(List<DatagramTransport> senders, int number) throws IOException {
        for (int i = 0; i < GROUPS.size(); i++) {
            senders.get(i).setOutgoingInterface("usb0");
            senders.get(i).write(GROUPS.get(i).getBytes(ISO_8859_1), GROUPS.get(i), number);
            senders.get(i).flush();
        }
    }

    /** The lines of /proc/net/igmp and igmp6 with one of the groups. */
    private static List<String> memberships() throws IOException {
        var lines = new ArrayList<String>();
        for (var file : List.of("igmp", "igmp6")) {
            for (var line : Files.readAllLines(Path.of("/proc/thread-self/net", file))) {
                if (line.contains("010201EF") || line.contains("ff150000000000000000000000040001")) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource
    void aGroupIsJoinedAndHeardOnEachNewInterfaceAndNothingIsLeft(Habit habit) throws Exception {
        inNamespace((namespace, reactor) -> {
            var port = dualStack(reactor, new Recorder());
            var senders = senders(reactor);
            var indexes = new ArrayList<Integer>();
            // The others show within 21 rounds, as many memberships as a socket may have, that none is left.
            var rounds = habit == Habit.JOINS_AGAIN ? 50 : 22;
            try (var in = ReceiveBatch.open()) {
                for (int round = 0; round < rounds; round++) {
                    plug(namespace, "usb0", "192.0.2.1", "2001:db8::1");
                    if (round > 0) {
                        habit.leave(Habit.LEAVES_LATE, port, indexes);
                    }
                    indexes.clear();
                    for (var group : GROUPS) {
                        indexes.add(port.joinGroup(group, "usb0"));
                    }
                    send(senders, port.localAddress().port());
                    assertEquals(GROUPS, Traffic.texts(Traffic.receive(port.socket(), in, GROUPS.size())).stream()
                            .sorted().toList());
                    assertEquals(2, memberships().size());
                    habit.leave(Habit.LEAVES_BEFORE, port, indexes);
                    namespace.in("link", "delete", "usb0");
                    habit.leave(Habit.LEAVES_AFTER, port, indexes);
                    habit.leave(Habit.LEAVES_BY_INDEX, port, indexes);
                    assertEquals(List.of(), memberships());
                }
            }
            // As many as the kernel allows: nothing is left of the rounds, but for the last one.
            plug(namespace, "usb0", "192.0.2.1", "2001:db8::1");
            for (int i = habit == Habit.LEAVES_LATE || habit == Habit.JOINS_AGAIN ? 1 : 0; i < 20; i++) {
                port.joinGroup("239.1.3." + i, "usb0");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"239.1.2.1, 192.0.2.1", "ff15::4:1, 2001:db8::1"})
    void anAddressThatIsGoneStillLeavesWhatItHasJoined(String group, String address) throws Exception {
        inNamespace((namespace, reactor) -> {
            var port = dualStack(reactor, new Recorder());
            for (int i = 0; i < 25; i++) {
                plug(namespace, "usb0", "192.0.2.1", "2001:db8::1");
                port.joinGroup(group, address);
                namespace.in("address", "delete", address + (address.contains(":") ? "/64" : "/24"), "dev", "usb0");
                port.leaveGroup(group, address);
                assertEquals(List.of(), memberships());
                namespace.in("link", "delete", "usb0");
            }
        });
    }

    /** An address that has moved, or a default route: the words mean another interface now. */
    @ParameterizedTest
    @CsvSource({"239.1.2.1, 192.0.2.1", "ff15::4:1, 2001:db8::1", "239.1.2.1, ''", "ff15::4:1, ''"})
    void wordsThatMeanAnotherInterfaceNowLeaveWhatTheyHaveJoined(String group, String words) throws Exception {
        inNamespace((namespace, reactor) -> {
            var ipv6 = group.contains(":");
            plug(namespace, "usb0", "192.0.2.1", "2001:db8::1");
            plug(namespace, "usb1", "198.51.100.1", "2001:db8:1::1");
            route(namespace, ipv6, "add", "usb0");
            var port = dualStack(reactor, new Recorder());
            var first = port.joinGroup(group, words);
            assertNotEquals(0, first);
            assertEquals(1, memberships().size());
            route(namespace, ipv6, "replace", "usb1");
            var prefix = ipv6 ? "2001:db8::1/64" : "192.0.2.1/24";
            namespace.in("address", "delete", prefix, "dev", "usb0");
            namespace.in("address", "add", prefix, "dev", "usb1");
            port.leaveGroup(group, words);
            assertEquals(List.of(), memberships());
            var second = port.joinGroup(group, words);
            assertNotEquals(first, second);
            port.leaveGroup(group, Integer.toString(second));
            assertEquals(List.of(), memberships());
        });
    }

    private static void route(NetNamespace namespace, boolean ipv6, String change, String name) throws IOException {
        if (ipv6) {
            // Each interface has a route to ff00::/8 of its own, in the table local.
            NetNamespace.ip("-6", "-n", namespace.name(), "route", change, "multicast", "ff15::/16", "dev", name,
                    "table",
                    "local", "metric", "1");
        } else {
            namespace.in("route", change, "default", "dev", name);
        }
    }

    @ParameterizedTest
    @CsvSource({"239.1.2.1", "ff15::4:1"})
    void aRenamedInterfaceAndItsSuccessorAreLeftByTheSameName(String group) throws Exception {
        inNamespace((namespace, reactor) -> {
            var port = dualStack(reactor, new Recorder());
            plug(namespace, "usb0", "192.0.2.1", "2001:db8::1");
            port.joinGroup(group, "usb0");
            namespace.in("link", "set", "usb0", "down");
            namespace.in("link", "set", "usb0", "name", "old0");
            namespace.in("link", "set", "old0", "up");
            namespace.in("link", "set", "usb0-end", "name", "old0-end");
            plug(namespace, "usb0", "198.51.100.1", "2001:db8:1::1");
            port.joinGroup(group, "usb0");
            assertEquals(2, memberships().size());
            port.leaveGroup(group, "usb0");
            assertEquals(1, memberships().size());
            port.leaveGroup(group, "usb0");
            assertEquals(List.of(), memberships());
            var left = assertThrows(MulticastJoinException.class, () -> port.leaveGroup(group, "usb0"));
            assertEquals(Errno.EADDRNOTAVAIL, left.errno());
        });
    }

    @ParameterizedTest
    @CsvSource({"239.1.2.1, 192.0.2.9", "ff15::4:1, 2001:db8::9"})
    void sourcesAreLeftOfAnInterfaceThatIsGone(String group, String source) throws Exception {
        inNamespace((namespace, reactor) -> {
            var port = dualStack(reactor, new Recorder());
            for (int i = 0; i < 25; i++) {
                plug(namespace, "usb0", "192.0.2.1", "2001:db8::1");
                port.joinSource(group, source, "usb0");
                var other = group.contains(":") ? "2001:db8::1" : "192.0.2.1";
                port.joinSource(group, other, other);
                namespace.in("link", "delete", "usb0");
                if (i % 2 == 0) {
                    port.leaveSource(group, other, other);
                    port.leaveSource(group, source, "usb0");
                }
            }
        });
    }

    /** The scope of a group names an interface as well. */
    @ParameterizedTest
    @CsvSource({"usb0", "old0"})
    void aScopedGroupIsLeftAfterItsInterface(String scope) throws Exception {
        inNamespace((namespace, reactor) -> {
            var port = dualStack(reactor, new Recorder());
            plug(namespace, scope, "192.0.2.1", "2001:db8::1");
            var index = port.joinGroup("ff02::4:1%" + scope);
            var again = assertThrows(MulticastJoinException.class, () -> port.joinGroup("ff02::4:1", scope));
            assertEquals(Errno.EADDRINUSE, again.errno());
            namespace.in("link", "delete", scope);
            port.leaveGroup("ff02::4:1%" + scope);
            assertEquals(
                    Errno.EADDRNOTAVAIL, assertThrows(MulticastJoinException.class,
                            () -> port.leaveGroup("ff02::4:1", Integer.toString(index))).errno());
        });
    }

    /** DHCP gives the interface another address. */
    @ParameterizedTest
    @CsvSource({"usb0", "index"})
    void anOutgoingInterfaceOutlivesItsAddress(String words) throws Exception {
        inNamespace((namespace, reactor) -> {
            plug(namespace, "usb0", "192.0.2.1", "2001:db8::1");
            var sources = new ArrayList<String>();
            var receiver = reactor.listenMulticast(0, new Recorder() {
                @Override
                public void datagramReceived(Datagram datagram, DatagramTransport transport) {
                    sources.add(datagram.source().host());
                }
            });
            var index = receiver.joinGroup(GROUPS.getFirst(), "usb0");
            var protocol = new Recorder();
            var port = reactor.listenUdp(0, protocol);
            port.setOutgoingInterface(words.equals("index") ? Integer.toString(index) : words);
            Loop.phases(
                    reactor,
                    () -> port.write(new byte[]{'a'}, GROUPS.getFirst(), receiver.localAddress().port()),
                    () -> {
                        namespace.in("address", "delete", "192.0.2.1/24", "dev", "usb0");
                        namespace.in("address", "add", "192.0.2.77/24", "dev", "usb0");
                        port.write(new byte[]{'a'}, GROUPS.getFirst(), receiver.localAddress().port());
                    },
                    () -> {
                        assertEquals(Integer.toString(index), port.getOutgoingInterface());
                        port.setOutgoingInterface(port.getOutgoingInterface());
                    });
            assertEquals(List.of("192.0.2.1", "192.0.2.77"), sources);
            assertEquals(List.of("start", "stop"), protocol.events);
        });
    }
}
