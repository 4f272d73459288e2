package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Multicast;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.ThreeCables;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A reactor serves a socket of another network namespace, as a service does to which systemd with PrivateNetwork=, or a
 * container, has handed one. The port's interfaces are those of the socket's namespace.
 */
@Tag("netns")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ForeignNamespaceTest {

    private interface Body {
        void run(ThreeCables cables, Reactor reactor, UdpSocket foreign) throws Exception;
    }

    /** The cables have other indexes in the reactor's namespace than in that of the socket. */
    private static void withForeignSocket(String address, Body body) throws Exception {
        ThreeCables.run(cables -> {
            cables.here.in("link", "delete", "cable-a");
            cables.here.in("link", "add", "more", "type", "veth", "peer", "name", "more-end");
            cables.here.in("link", "add", "cable-a", "type", "veth", "peer", "name", "cable-d");
            cables.here.in("address", "add", "192.0.2.1/24", "dev", "cable-a");
            cables.here.in("link", "set", "cable-a", "up");
            cables.there.in("link", "add", "cable-a", "type", "veth", "peer", "name", "cable-e");
            cables.there.in("address", "add", "192.0.2.2/24", "dev", "cable-a");
            cables.there.in("address", "add", "2001:db8:a::2/64", "dev", "cable-a", "nodad");
            cables.there.in("link", "set", "cable-a", "up");
            cables.there.in("link", "set", "cable-e", "up");
            try (var foreign = cables.there.bound(SockAddr.of(address, 0)); var reactor = Reactor.open()) {
                body.run(cables, reactor, foreign);
            }
        });
    }

    private static int indexThere(ThreeCables cables, String name) throws Exception {
        return cables.there.call(() -> Multicast.interfaceIndex(name));
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, 239.1.2.1, cable-a", "0.0.0.0, 239.1.2.1, 192.0.2.2", "::, ff15::4:1, cable-a",
            "::, ff15::4:1, 192.0.2.2", "::, 239.1.2.1, cable-a"})
    void aGroupIsJoinedInTheNamespaceOfTheSocket(String address, String group, String words) throws Exception {
        withForeignSocket(address, (cables, reactor, foreign) -> {
            var index = indexThere(cables, "cable-a");
            assertTrue(index != Multicast.interfaceIndex("cable-a"), "the test needs two indexes");
            var port = reactor.adoptDatagramPort(foreign.descriptor(), new Recorder());
            assertEquals(index, port.joinGroup(group, words));
            assertTrue(Multicast.isMember(foreign, SockAddr.of(group, 0), index));
            port.leaveGroup(group, words);
            port.joinGroup(group, Integer.toString(index));
            port.leaveGroup(group, words);
            port.setOutgoingInterface(words);
            var outgoing = port.getOutgoingInterface();
            assertEquals(address.equals("0.0.0.0") && words.contains(".") ? words : Integer.toString(index), outgoing);
        });
    }

    /** The routes are those of the socket's namespace as well. */
    @Test
    void theKernelChoosesAmongTheInterfacesOfTheSocket() throws Exception {
        withForeignSocket("0.0.0.0", (cables, reactor, foreign) -> {
            cables.there.in("route", "add", "239.0.0.0/8", "dev", "cable-a");
            var port = reactor.adoptDatagramPort(foreign.descriptor(), new Recorder());
            assertEquals(indexThere(cables, "cable-a"), port.joinGroup("239.1.2.1"));
        });
    }

    /** The far addresses are those of the socket's namespace, and the near ones do not exist there. */
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "cable-d", "4711"})
    void anInterfaceOfTheReactorsNamespaceIsNotFound(String words) throws Exception {
        withForeignSocket("0.0.0.0", (cables, reactor, foreign) -> {
            var port = reactor.adoptDatagramPort(foreign.descriptor(), new Recorder());
            var unknown = assertThrows(MulticastJoinException.class, () -> port.joinGroup("239.1.2.1", words));
            assertEquals(Errno.ENODEV, unknown.errno());
            assertEquals(
                    Errno.ENODEV,
                    assertThrows(SyscallException.class, () -> port.setOutgoingInterface(words)).errno());
        });
    }

    @Test
    void whatTheKernelCannotBeAskedIsRefusedWithASentence() throws Exception {
        withForeignSocket("::", (cables, reactor, foreign) -> {
            var port = reactor.adoptDatagramPort(foreign.descriptor(), new Recorder());
            var refused = assertThrows(
                    MulticastJoinException.class, () -> port.joinGroup("ff15::4:1", "2001:db8:a::2"));
            assertEquals(Errno.EOPNOTSUPP, refused.errno());
            var cause = String.valueOf(refused.getCause());
            assertTrue(cause.contains("the socket is of another network namespace"), cause);
            var mtu = assertThrows(IOException.class, () -> port.pathMtu(SockAddr.of("2001:db8:b::1", 9)));
            assertTrue(String.valueOf(mtu).contains("the socket is of another network namespace"), mtu.getMessage());
        });
    }

    /** In the reactor's own namespace nothing has changed. */
    @Test
    void aSocketOfTheSameNamespaceIsAskedAsBefore() throws Exception {
        ThreeCables.run(cables -> {
            try (var reactor = Reactor.open()) {
                var port = reactor.listenMulticast(
                        0, new Recorder(), PortOptions.defaults().withInterface("::"));
                for (var words : List.of("cable-b", ThreeCables.ipv4("cable-b", 1), ThreeCables.ipv6("cable-b", 1),
                        ThreeCables.linkLocal(1) + "%cable-b")) {
                    assertEquals(Multicast.interfaceIndex("cable-b"), port.joinGroup("ff15::4:1", words));
                    port.leaveGroup("ff15::4:1", "cable-b");
                }
                assertEquals(1500, port.pathMtu(SockAddr.of(ThreeCables.ipv6("cable-b", 2), 9)));
                port.write("x".getBytes(ISO_8859_1), SockAddr.of(ThreeCables.ipv6("cable-b", 2), 9));
            }
        });
    }
}
