package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom a socket is connected to: nobody, one, another, and still the first if the second can't be. */
@OnLoopback
record ConnectTest(Loopback loopback) {

    /** No socket can be connected there: without SO_BROADCAST, and without an interface to send through. */
    private SockAddr unreachable() {
        return SockAddr.of(loopback == Loopback.IPV4 ? "255.255.255.255" : "ff02::1", 9);
    }

    @Test
    void thePeerIsTheOneOfTheLastConnect() throws SyscallException {
        try (var pair = new Pair(loopback);
                var other = loopback.bound()) {
            assertNull(pair.sender.peerAddress());
            pair.sender.connect(pair.to);
            assertEquals(pair.to, pair.sender.peerAddress());
            var bound = pair.sender.localAddress();
            pair.sender.connect(other.localAddress());
            assertEquals(other.localAddress(), pair.sender.peerAddress());
            assertEquals(bound, pair.sender.localAddress());
            Traffic.add(pair.out, Traffic.bytes("to the second"), null);
            pair.send();
            assertEquals(List.of("to the second"), Traffic.texts(Traffic.receive(other, pair.in, 1)));
        }
    }

    @Test
    void aConnectThatFailsLeavesTheFormerPeer() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.sender.connect(pair.to);
            assertThrows(SyscallException.class, () -> pair.sender.connect(unreachable()));
            assertEquals(pair.to, pair.sender.peerAddress());
            Traffic.add(pair.out, Traffic.bytes("to the first"), null);
            pair.send();
            assertEquals(List.of("to the first"), Traffic.texts(pair.receive(1)));
        }
    }

    @Test
    void aFirstConnectThatFailsLeavesNoneAndAPort() throws SyscallException {
        try (var socket = UdpSocket.open(loopback.family)) {
            assertThrows(SyscallException.class, () -> socket.connect(unreachable()));
            assertNull(socket.peerAddress());
            assertNotEquals(0, socket.localAddress().port());
        }
    }

    /** The kernel connects to port 0, and then says of that socket that it is not connected. */
    @Test
    void port0IsNoPeer() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.sender.connect(pair.to);
            assertThrows(IllegalArgumentException.class, () -> pair.sender.connect(loopback.address(0)));
            assertEquals(pair.to, pair.sender.peerAddress());
        }
    }

    @Test
    void whatAStrangerSentBeforeIsStillDelivered() throws SyscallException {
        try (var pair = new Pair(loopback);
                var peer = loopback.bound()) {
            pair.add("before").send();
            pair.receiver.connect(peer.localAddress());
            pair.add("after").send();
            assertEquals(List.of("before"), Traffic.texts(pair.receive(1)));
        }
    }
}
