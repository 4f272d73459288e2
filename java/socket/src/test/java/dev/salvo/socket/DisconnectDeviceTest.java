package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import org.junit.jupiter.api.Test;

/**
 * A disconnect also unbinds the socket from its device, so that datagrams from every other device reach it. Salvo binds
 * the socket to its device again.
 */
@OnLoopback
record DisconnectDeviceTest(Loopback loopback) {

    private static final SockOpt<Integer> DEVICE = SockOpt.ofInt("SO_BINDTOIFINDEX", Linux.SOL_SOCKET(),
            Linux.SO_BINDTOIFINDEX());
    /** The index of the loopback device, which the kernel gives to no other device (net/core/dev.c). */
    private static final int LOOPBACK = 1;

    @Test
    void aSocketStaysBoundToItsDevice() throws SyscallException {
        try (var socket = loopback.bound();
                var peer = loopback.bound()) {
            var bound = socket.localAddress();
            socket.set(DEVICE, LOOPBACK);
            socket.connect(peer.localAddress());
            socket.disconnect();
            assertEquals(LOOPBACK, socket.get(DEVICE));
            assertEquals(bound, socket.localAddress());
        }
    }

    @Test
    void anAdoptedConnectedSocketStaysBoundToItsDevice() throws SyscallException {
        try (var socket = loopback.bound();
                var peer = loopback.bound()) {
            socket.set(DEVICE, LOOPBACK);
            socket.connect(peer.localAddress());
            try (var adopted = UdpSocket.adoptDuplicate(socket.descriptor())) {
                adopted.disconnect();
            }
            assertEquals(LOOPBACK, socket.get(DEVICE));
        }
    }

    @Test
    void aSocketWithoutADeviceStaysWithoutOne() throws SyscallException {
        try (var socket = loopback.bound();
                var peer = loopback.bound()) {
            socket.connect(peer.localAddress());
            socket.disconnect();
            assertEquals(0, socket.get(DEVICE));
        }
    }
}
