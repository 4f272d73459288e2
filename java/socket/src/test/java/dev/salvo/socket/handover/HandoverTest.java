package dev.salvo.socket.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.OpenSockets;
import dev.salvo.socket.Pair;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.Traffic;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A socket sent by {@link DescriptorSender} and received by {@link DescriptorReceiver} is the same socket. */
@OnLoopback
class HandoverTest {

    private final Loopback loopback;
    private final HandoverFolder handover = new HandoverFolder();

    HandoverTest(Loopback loopback) throws IOException {
        this.loopback = loopback;
    }

    @AfterEach
    void removeFolder() throws IOException {
        handover.close();
    }

    @BeforeEach
    void warmUp() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("once").send();
        }
    }

    @Test
    void queuedDatagramsAreStillThere() throws Exception {
        try (var pair = new Pair(loopback);
                var receiver = DescriptorReceiver.listen(handover.socket);
                var batch = ReceiveBatch.open(4)) {
            pair.add("before").send();
            var sent = handover.send(pair.receiver.descriptor());
            var numbers = receiver.receive(HandoverFolder.PATIENCE);
            assertNull(sent.join());
            pair.receiver.close();
            pair.add("after").send();

            try (var taken = UdpSocket.adopt(numbers.getFirst())) {
                assertEquals(1, numbers.size());
                assertEquals(pair.to, taken.localAddress());
                assertEquals(List.of("before", "after"), Traffic.texts(Traffic.receive(taken, batch, 2)));
            }
        }
    }

    @Test
    void theSenderKeepsItsDescriptor() throws Exception {
        try (var pair = new Pair(loopback);
                var receiver = DescriptorReceiver.listen(handover.socket)) {
            var sent = handover.send(pair.receiver.descriptor());
            UdpSocket.adopt(receiver.receive(HandoverFolder.PATIENCE).getFirst()).close();
            assertNull(sent.join());

            pair.add("still here").send();

            assertEquals(List.of("still here"), Traffic.texts(pair.receive(1)));
        }
    }

    @Test
    void sixtyFourDescriptorsKeepTheirOrderAndAreClosedOnExec() throws Exception {
        var before = OpenSockets.now();
        var kernel = Kernels.current();
        try (var even = new Pair(loopback);
                var odd = new Pair(loopback);
                var receiver = DescriptorReceiver.listen(handover.socket)) {
            var descriptors = IntStream.range(0, 64)
                    .map(i -> (i % 2 == 0 ? even : odd).receiver.descriptor())
                    .toArray();
            var sent = handover.send(descriptors);
            var numbers = receiver.receive(HandoverFolder.PATIENCE);
            assertNull(sent.join());

            assertEquals(64, numbers.size());
            for (int i = 0; i < 64; i++) {
                assertEquals(Linux.FD_CLOEXEC(), kernel.fcntl(numbers.get(i), Linux.F_GETFD(), 0));
                try (var taken = UdpSocket.adopt(numbers.get(i))) {
                    assertEquals((i % 2 == 0 ? even : odd).to, taken.localAddress(), "number " + i);
                }
            }
        }
        assertEquals(before, OpenSockets.now());
    }

    @Test
    void oneReceiverServesSeveralSendersInTurn() throws Exception {
        try (var pair = new Pair(loopback);
                var receiver = DescriptorReceiver.listen(handover.socket)) {
            for (int i = 0; i < 3; i++) {
                var sent = handover.send(pair.receiver.descriptor());
                UdpSocket.adopt(receiver.receive(HandoverFolder.PATIENCE).getFirst()).close();
                assertNull(sent.join());
            }
        }
    }
}
