package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import org.junit.jupiter.api.Test;

/**
 * Trap 22: a receive buffer is also charged for the kernel's overhead, so a small one holds few datagrams. The kernel
 * drops and counts datagrams that do not fit.
 */
@OnLoopback
record KernelDropsTest(Loopback loopback) {

    @Test
    void droppedDatagramsAreCounted() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(SocketLevelOptions.RCVBUF, 0);
            pair.out.coalescing(false);
            assertEquals(200, pair.add(200, 1).send());
            var received = pair.receive(1).size();
            assertTrue(received > 0 && received < 100, received + " of 200 came");
            assertEquals(200 - received, pair.receiver.statistics().kernelPacketDrops());
            assertEquals(1, pair.add("after").send());
            assertEquals(1, pair.receive(1).size());
            assertEquals(200 - received, pair.receiver.statistics().kernelPacketDrops());
        }
    }

    @Test
    void theKernelDoublesTheRequestedSize() throws SyscallException {
        try (var socket = loopback.bound()) {
            socket.set(SocketLevelOptions.RCVBUF, 50_000);
            assertEquals(100_000, socket.get(SocketLevelOptions.RCVBUF));
        }
    }
}
