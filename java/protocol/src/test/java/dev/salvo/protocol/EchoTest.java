package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.reactor.Reactor;
import dev.salvo.reactor.ReactorThread;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one-line echo of the design, over both families. */
@Tag("loopback")
class EchoTest {

    private static final DatagramProtocol ECHO = (datagram, transport) -> transport.write(datagram, datagram.source());

    @ParameterizedTest
    @EnumSource
    void datagramsComeBackInOrder(Loopback family) throws Exception {
        try (var running = ReactorThread.start();
                var peer = Peer.open(family)) {
            var port = running.listen(family, ECHO);
            var sent = new ArrayList<String>();
            for (int i = 0; i < 100; i++) {
                sent.add("datagram " + i + "x".repeat(i));
                peer.send(port, sent.getLast());
            }
            assertEquals(sent, peer.receive(100));
            var counted = running.call(port::statistics).socket();
            assertEquals(100, counted.datagramsReceived());
            assertEquals(100, counted.datagramsSent());
        }
    }

    @Test
    void aPortWithoutOptionsListensOnAnyAddress() throws Exception {
        try (var running = ReactorThread.start();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = running.call(() -> running.reactor().listenUdp(0, ECHO));
            peer.send(Loopback.IPV4.address(port.localAddress().port()), new byte[]{'a'});
            assertEquals("a", peer.receive());
        }
    }

    /** Datagrams that arrive before the reactor runs wait in the kernel. */
    @ParameterizedTest
    @EnumSource
    void datagramsReceivedBeforeTheLoopRunsAreServed(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, ECHO, family.options());
            peer.send(port, "early");
            Loop.turns(reactor, 1);
            assertEquals("early", peer.receive());
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutCoalescingEachDatagramIsAMessage(Loopback family) throws Exception {
        try (var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, ECHO, family.options().withCoalescing(false));
            peer.send(port, "a", "b", "c");
            Loop.turns(reactor, 1);
            assertEquals("abc", String.join("", peer.receive(3)));
            assertEquals(3, port.statistics().socket().messagesSent());
        }
    }
}
