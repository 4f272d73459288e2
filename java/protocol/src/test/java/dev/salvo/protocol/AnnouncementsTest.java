package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Metadata;
import dev.salvo.socket.Multicast;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.Traffic;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.ThreeCables;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A responder announces itself as those of mDNS do: it has a port for IPv4 and one for IPv6, and for each announcement
 * it sets the interface and the TTL and writes. Each datagram leaves with the settings of its own write.
 */
@Tag("netns")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnnouncementsTest {

    private static final int ROUNDS = 5;

    private static String group(Loopback family) {
        return family == Loopback.IPV4 ? "239.1.2.1" : "ff15::4:1";
    }

    private static String any(Loopback family) {
        return family == Loopback.IPV4 ? "0.0.0.0" : "::";
    }

    /** A socket at the other ends of all cables. */
    private static UdpSocket listener(Loopback family) throws SyscallException {
        var socket = UdpSocket.open(
                family == Loopback.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        Metadata.LOCAL_ADDRESS.enable(socket);
        Metadata.HOP_LIMIT.enable(socket);
        socket.bind(SockAddr.of(any(family), 0));
        for (var cable : ThreeCables.NAMES) {
            Multicast.join(socket, SockAddr.of(group(family), 0), Multicast.interfaceIndex(cable));
        }
        return socket;
    }

    /** What a listener received, each as the cable that it came by, its TTL, and its text. */
    private static List<String> heard(UdpSocket listener, int count) throws SyscallException {
        var names = new HashMap<Integer, String>();
        for (var cable : ThreeCables.NAMES) {
            names.put(Multicast.interfaceIndex(cable), cable);
        }
        try (var in = ReceiveBatch.open()) {
            return Traffic.receive(listener, in, count).stream()
                    .map(each -> names.get(each.metadata().interfaceIndex()) + " " + each.metadata().hopLimit() + ": "
                            + Traffic.text(each))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void eachDatagramLeavesByItsInterfaceWithItsTtl() throws Exception {
        ThreeCables.run(cables -> {
            cables.there.enter();
            try (var listener4 = listener(Loopback.IPV4); var listener6 = listener(Loopback.IPV6)) {
                cables.here.enter();
                var expected = new ArrayList<String>();
                try (var reactor = Reactor.open()) {
                    var options = PortOptions.defaults();
                    var port4 = reactor.listenMulticast(0, new Recorder(), options);
                    var port6 = reactor.listenMulticast(0, new Recorder(), options.withInterface("::"));
                    Loop.phases(reactor, () -> {
                        for (int round = 0; round < ROUNDS; round++) {
                            for (int i = 0; i < 3; i++) {
                                var cable = ThreeCables.NAMES.get(i);
                                var ttl = 1 + 10 * round + i;
                                announce(port4, cable, ttl, group(Loopback.IPV4), listener4.localAddress().port());
                                announce(port6, cable, ttl, group(Loopback.IPV6), listener6.localAddress().port());
                                expected.add(cable + " " + ttl + ": " + cable + ", round " + ttl);
                            }
                        }
                    });
                }
                expected.sort(null);
                cables.there.enter();
                assertEquals(expected, heard(listener4, expected.size()));
                assertEquals(expected, heard(listener6, expected.size()));
            }
        });
    }

    private static void announce(DatagramTransport port, String cable, int ttl, String group, int number)
            throws Exception {
        port.setOutgoingInterface(cable);
        port.setTTL(ttl);
        port.write((cable + ", round " + ttl).getBytes(ISO_8859_1), group, number);
    }
}
