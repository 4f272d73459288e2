package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.NetNamespace;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Twisted's MulticastTests and MulticastTestsIPv6, under their names, over an interface of their own. */
@Tag("netns")
class TwistedMulticastTest {

    private static final String CABLE = "cable";

    private static NetNamespace namespace;

    /**
     * Creates a namespace with a cable: an interface that takes part in multicast, as the loopback interface does not.
     */
    @BeforeAll
    static void open() throws IOException {
        namespace = NetNamespace.open();
        namespace.in("link", "add", CABLE, "type", "veth", "peer", "name", "end");
        namespace.in("address", "add", "192.0.2.1/24", "dev", CABLE);
        namespace.in("address", "add", "2001:db8::1/64", "dev", CABLE, "nodad");
        namespace.in("link", "set", CABLE, "up");
        namespace.in("link", "set", "end", "up");
    }

    @AfterAll
    static void close() throws IOException {
        if (namespace != null) { // could not be created
            namespace.close();
        }
    }

    private static String any(Loopback family) {
        return family == Loopback.IPV4 ? "0.0.0.0" : "::";
    }

    private static String group(Loopback family) {
        return family == Loopback.IPV4 ? "225.0.0.250" : "ff03::1";
    }

    /** Opens a port on any address: a port on one address receives no group. */
    private static DatagramTransport open(Reactor reactor, PortSource source, Loopback family,
            DatagramProtocol protocol)
            throws IOException {
        if (source == PortSource.LISTENED) {
            return reactor.listenMulticast(0, protocol, PortOptions.defaults().withInterface(any(family)));
        }
        var protocolFamily = family == Loopback.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        try (var parents = UdpSocket.open(protocolFamily)) {
            parents.bind(SockAddr.of(any(family), 0));
            return reactor.adoptDatagramPort(parents.descriptor(), protocol);
        }
    }

    private static void write(DatagramTransport port, String text, Loopback family, DatagramTransport to) {
        port.write(text.getBytes(ISO_8859_1), group(family), to.localAddress().port());
    }

    /** Twisted skips this test for IPv6, where its setTTL changes nothing. */
    @EveryWay
    void testTTL(PortSource source, Loopback family) throws Exception {
        namespace.call(() -> {
            try (var reactor = Reactor.open()) {
                var port = open(reactor, source, family, new Recorder());
                assertEquals(1, port.getTTL());
                port.setTTL(2);
                assertEquals(2, port.getTTL());
                port.setTTL(0);
                assertEquals(0, port.getTTL());
                port.setTTL(255);
                assertEquals(255, port.getTTL());
                assertThrows(IllegalArgumentException.class, () -> port.setTTL(256));
                assertThrows(IllegalArgumentException.class, () -> port.setTTL(-1));
            }
            return null;
        });
    }

    @EveryWay
    void testLoopback(PortSource source, Loopback family) throws Exception {
        namespace.call(() -> {
            var server = new Recorder();
            try (var reactor = Reactor.open()) {
                var port = open(reactor, source, family, server);
                assertTrue(port.getLoopbackMode());
                port.joinGroup(group(family), CABLE);
                port.setOutgoingInterface(CABLE);
                Loop.phases(
                        reactor,
                        () -> write(port, "heard", family, port),
                        () -> {
                            port.setLoopbackMode(false);
                            assertFalse(port.getLoopbackMode());
                            write(port, "not heard", family, port);
                        },
                        () -> {});
                assertEquals(List.of("start", "heard", "stop"), server.events);
            }
            return null;
        });
    }

    @EveryWay
    void testInterface(PortSource source, Loopback family) throws Exception {
        namespace.call(() -> {
            try (var reactor = Reactor.open()) {
                var port = open(reactor, source, family, new Recorder());
                var chosenByTheKernel = family == Loopback.IPV4 ? "0.0.0.0" : "0";
                var index = NetworkInterface.getByName(CABLE).getIndex();
                var address = family == Loopback.IPV4 ? "192.0.2.1" : "2001:db8::1";
                assertEquals(chosenByTheKernel, port.getOutgoingInterface());
                for (var spec : List.of(address, CABLE, Integer.toString(index))) {
                    port.setOutgoingInterface(spec);
                    var set = family == Loopback.IPV4 && spec.equals(address) ? address : Integer.toString(index);
                    assertEquals(set, port.getOutgoingInterface(), spec);
                    port.setOutgoingInterface("");
                    assertEquals(chosenByTheKernel, port.getOutgoingInterface());
                }
                // localhost is a host name and not an interface.
                var unknown = assertThrows(SyscallException.class, () -> port.setOutgoingInterface("localhost"));
                assertEquals(Errno.ENODEV, unknown.errno());
            }
            return null;
        });
    }

    @EveryWay
    void testJoinLeave(PortSource source, Loopback family) throws Exception {
        namespace.call(() -> {
            try (var reactor = Reactor.open()) {
                var one = open(reactor, source, family, new Recorder());
                var two = open(reactor, source, family, new Recorder());
                for (int i = 0; i < 2; i++) {
                    one.joinGroup(group(family), CABLE);
                    two.joinGroup(group(family), CABLE);
                    one.leaveGroup(group(family), CABLE);
                    two.leaveGroup(group(family), CABLE);
                }
                var notJoined = assertThrows(MulticastJoinException.class, () -> one.leaveGroup(group(family), CABLE));
                assertEquals(Errno.EADDRNOTAVAIL, notJoined.errno());
            }
            return null;
        });
    }

    @EveryWay
    void testJoinFailure(PortSource source, Loopback family) throws Exception {
        namespace.call(() -> {
            try (var reactor = Reactor.open()) {
                var port = open(reactor, source, family, new Recorder());
                var noGroup = assertThrows(MulticastJoinException.class, () -> port.joinGroup(family.literal, CABLE));
                assertEquals(Errno.EINVAL, noGroup.errno());
                port.joinGroup(group(family), CABLE);
                var twice = assertThrows(MulticastJoinException.class, () -> port.joinGroup(group(family), CABLE));
                assertEquals(Errno.EADDRINUSE, twice.errno());
                assertEquals(group(family), twice.group());
                assertEquals(CABLE, twice.networkInterface());
                var nowhere = assertThrows(
                        MulticastJoinException.class, () -> port.joinGroup(group(family), "no-such-if0"));
                assertEquals(Errno.ENODEV, nowhere.errno());
                // Twisted resolves it.
                assertThrows(InvalidAddressException.class, () -> port.joinGroup("localhost", CABLE));
            }
            return null;
        });
    }

    @EveryWay
    void testMulticast(PortSource source, Loopback family) throws Exception {
        namespace.call(() -> {
            var server = new Recorder();
            var bystander = new Recorder();
            try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
                var joined = open(reactor, source, family, server);
                var other = open(reactor, source, family, bystander);
                var client = open(reactor, source, family, new Recorder());
                joined.joinGroup(group(family), CABLE);
                client.setOutgoingInterface(CABLE);
                Loop.phases(
                        reactor,
                        () -> {
                            write(client, "hello world", family, joined);
                            write(client, "nobody joined", family, other);
                        },
                        () -> peer.send(family.address(joined.localAddress().port()), new byte[]{'u'}),
                        () -> joined.leaveGroup(group(family), CABLE),
                        () -> write(client, "after it left", family, joined),
                        () -> {});
                assertEquals(List.of("start", "hello world", "u", "stop"), server.events);
                // An adopted socket keeps IP_MULTICAST_ALL: it receives what any socket on this host has joined.
                assertEquals(
                        source == PortSource.LISTENED
                                ? List.of("start", "stop")
                                : List.of("start", "nobody joined", "stop"),
                        bystander.events);
            }
            return null;
        });
    }

    /** Two ports that both ask for listenMultiple share the number, and both receive. */
    @ParameterizedTest
    @EnumSource
    void testMultiListen(Loopback family) throws Exception {
        namespace.call(() -> {
            var one = new Recorder();
            var two = new Recorder();
            var options = PortOptions.defaults().withInterface(any(family)).withListenMultiple(true);
            try (var reactor = Reactor.open()) {
                var first = reactor.listenMulticast(0, one, options);
                var number = first.localAddress().port();
                var second = reactor.listenMulticast(number, two, options);
                first.joinGroup(group(family), CABLE);
                second.joinGroup(group(family), CABLE);
                first.setOutgoingInterface(CABLE);
                Loop.phases(reactor, () -> write(first, "hello world", family, second), () -> {});
                assertEquals(List.of("start", "hello world", "stop"), one.events);
                assertEquals(List.of("start", "hello world", "stop"), two.events);
            }
            return null;
        });
    }

    @ParameterizedTest
    @EnumSource
    void aPortWithoutListenMultipleCannotShareTheNumber(Loopback family) throws Exception {
        namespace.call(() -> {
            var options = PortOptions.defaults().withInterface(any(family)).withListenMultiple(true);
            try (var reactor = Reactor.open()) {
                var number = reactor.listenMulticast(0, new Recorder(), options).localAddress().port();
                var refused = assertThrows(
                        CannotListenException.class,
                        () -> reactor.listenMulticast(number, new Recorder(), options.withListenMultiple(false)));
                assertEquals(
                        Errno.EADDRINUSE, assertInstanceOf(SyscallException.class, refused.getCause()).errno());
            }
            return null;
        });
    }

    /**
     * An interface may be named by any of its addresses, so the address that Twisted refuses is valid here. A group of
     * the wrong family is still refused.
     */
    @EveryWay
    void testWrongFamilyInterfaceJoin(PortSource source, Loopback family) throws Exception {
        namespace.call(() -> {
            var server = new Recorder();
            try (var reactor = Reactor.open()) {
                var port = open(reactor, source, family, server);
                var others = family == Loopback.IPV4 ? "2001:db8::1" : "192.0.2.1";
                port.setOutgoingInterface(others);
                port.joinGroup(group(family), others);
                if (family == Loopback.IPV4) {
                    var refused = assertThrows(
                            MulticastJoinException.class, () -> port.joinGroup(group(Loopback.IPV6), CABLE));
                    assertEquals(Errno.ENOPROTOOPT, refused.errno());
                }
                Loop.phases(reactor, () -> write(port, "heard", family, port), () -> {});
                assertEquals(List.of("start", "heard", "stop"), server.events);
            }
            return null;
        });
    }

    /** An IPv6 port that also receives IPv4 can join IPv4 groups, by the mapped address as well. */
    @ParameterizedTest
    @CsvSource({"LISTENED, 225.0.0.250", "LISTENED, ::ffff:225.0.0.250", "ADOPTED, 225.0.0.250"})
    void aDualStackPortJoinsIpv4Groups(PortSource source, String group) throws Exception {
        namespace.call(() -> {
            var server = new Recorder();
            try (var reactor = Reactor.open()) {
                var port = open(reactor, source, Loopback.IPV6, server);
                var client = open(reactor, source, Loopback.IPV4, new Recorder());
                port.joinGroup(group, CABLE);
                client.setOutgoingInterface(CABLE);
                Loop.phases(reactor, () -> write(client, "heard", Loopback.IPV4, port), () -> {});
                assertEquals(List.of("start", "heard", "stop"), server.events);
            }
            return null;
        });
    }
}
