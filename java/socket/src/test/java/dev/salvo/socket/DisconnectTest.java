package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Trap 15: on a disconnect the kernel drops a port that it chose itself. */
@OnLoopback
record DisconnectTest(Loopback loopback) {

    private SockAddr wildcard(int port) {
        return SockAddr.of(loopback == Loopback.IPV4 ? "0.0.0.0" : "::", port);
    }

    /** Connects and disconnects; then the socket receives from another sender on its previous address. */
    private void assertKept(UdpSocket socket, SockAddr bound) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            socket.connect(pair.to);
            assertEquals(pair.to, socket.peerAddress());
            assertEquals(bound.port(), socket.localAddress().port());

            socket.disconnect();

            assertNull(socket.peerAddress());
            assertEquals(bound, socket.localAddress());
            Traffic.add(pair.out, loopback.address(bound.port()), "from a stranger");
            pair.send();
            assertEquals(List.of("from a stranger"), Traffic.texts(Traffic.receive(socket, pair.in, 1)));
        }
    }

    @Test
    void aPortThatTheKernelChoseIsKept() throws SyscallException {
        try (var socket = loopback.bound()) {
            assertKept(socket, socket.localAddress());
        }
    }

    @Test
    void theWildcardWithAPortThatTheKernelChoseIsKept() throws SyscallException {
        try (var socket = UdpSocket.open(loopback.family)) {
            socket.bind(wildcard(0));
            assertKept(socket, socket.localAddress());
        }
    }

    @Test
    void anExplicitPortIsKept() throws SyscallException {
        for (boolean all : new boolean[]{false, true}) {
            try (var socket = bindToAPort(all)) {
                assertKept(socket, socket.localAddress());
            }
        }
    }

    /** A port that was free a moment ago, bound by its number. */
    private UdpSocket bindToAPort(boolean wildcard) throws SyscallException {
        int port;
        try (var other = loopback.bound()) {
            port = other.localAddress().port();
        }
        var socket = UdpSocket.open(loopback.family);
        socket.bind(wildcard ? wildcard(port) : loopback.address(port));
        return socket;
    }

    @Test
    void aPortThatConnectChoseIsKept() throws SyscallException {
        try (var socket = UdpSocket.open(loopback.family);
                var peer = loopback.bound()) {
            socket.connect(peer.localAddress());
            var port = socket.localAddress().port();
            assertNotEquals(0, port);

            socket.disconnect();

            assertEquals(wildcard(port), socket.localAddress());
        }
    }

    @Test
    void everyDisconnectKeepsTheAddress() throws SyscallException {
        try (var socket = loopback.bound()) {
            var bound = socket.localAddress();
            for (int i = 0; i < 3; i++) {
                assertKept(socket, bound);
            }
        }
    }

    @Test
    void anAdoptedConnectedSocketKeepsItsAddress() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var bound = pair.sender.localAddress();
            pair.sender.connect(pair.to);
            try (var adopted = UdpSocket.adoptDuplicate(pair.sender.descriptor())) {
                assertEquals(pair.to, adopted.peerAddress());
                adopted.disconnect();
                assertNull(adopted.peerAddress());
                assertEquals(bound, adopted.localAddress());
            }
        }
    }

    @Test
    void withoutAPeerThereIsNoDefaultDestination() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.sender.connect(pair.to);
            pair.sender.disconnect();
            Traffic.add(pair.out, null, "to whom");
            assertEquals(1, pair.send());
            assertEquals(List.of(new SendFailure(null, 7, Errno.EDESTADDRREQ)), pair.out.failures());
        }
    }
}
