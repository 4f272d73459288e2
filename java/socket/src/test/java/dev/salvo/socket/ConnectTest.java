package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The peer of a socket: none, one, another one, and still the first if the second connect fails. */
@OnLoopback
record ConnectTest(Loopback loopback) {

    /** An address to which connect fails: without SO_BROADCAST, and without an outgoing interface. */
    private SockAddr unreachable() {
        return SockAddr.of(loopback == Loopback.IPV4 ? "255.255.255.255" : "ff02::1", 9);
    }

    @Test
    void thePeerIsThatOfTheLastConnect() throws SyscallException {
        try (var pair = new Pair(loopback);
                var other = loopback.bound()) {
            assertNull(pair.sender.peerAddress());
            pair.sender.connect(pair.to);
            assertEquals(pair.to, pair.sender.peerAddress());
            var bound = pair.sender.localAddress();
            pair.sender.connect(other.localAddress());
            assertEquals(other.localAddress(), pair.sender.peerAddress());
            assertEquals(bound, pair.sender.localAddress());
            Traffic.add(pair.out, null, "to the second");
            pair.send();
            assertEquals(List.of("to the second"), Traffic.texts(Traffic.receive(other, pair.in, 1)));
        }
    }

    @Test
    void aFailedConnectKeepsThePreviousPeer() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.sender.connect(pair.to);
            assertThrows(SyscallException.class, () -> pair.sender.connect(unreachable()));
            assertEquals(pair.to, pair.sender.peerAddress());
            Traffic.add(pair.out, null, "to the first");
            pair.send();
            assertEquals(List.of("to the first"), Traffic.texts(pair.receive(1)));
        }
    }

    @Test
    void aFailedFirstConnectLeavesAPortButNoPeer() throws SyscallException {
        try (var socket = UdpSocket.open(loopback.family)) {
            assertThrows(SyscallException.class, () -> socket.connect(unreachable()));
            assertNull(socket.peerAddress());
            assertNotEquals(0, socket.localAddress().port());
        }
    }

    /** The kernel accepts a connect to port 0 and then reports the socket as not connected. */
    @Test
    void aConnectToPort0LeavesNoPeer() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.sender.connect(pair.to);
            assertThrows(IllegalArgumentException.class, () -> pair.sender.connect(loopback.address(0)));
            assertEquals(pair.to, pair.sender.peerAddress());
        }
    }

    @Test
    void datagramsQueuedBeforeConnectAreStillDelivered() throws SyscallException {
        try (var pair = new Pair(loopback);
                var peer = loopback.bound()) {
            pair.add("before").send();
            pair.receiver.connect(peer.localAddress());
            pair.add("after").send();
            assertEquals(List.of("before"), Traffic.texts(pair.receive(1)));
        }
    }
}
