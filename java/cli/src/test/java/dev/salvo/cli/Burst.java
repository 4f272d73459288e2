package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.UdpOptions;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.time.Duration;

/**
 * A peer on loopback that sends messages of 64 joined datagrams, of a byte each, so that a receive buffer holds many.
 */
final class Burst implements AutoCloseable {

    static final int JOINED = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final UdpSocket socket = UdpSocket.open(StandardProtocolFamily.INET);
    private final SendBatch batch = SendBatch.open();
    private final ReceiveBatch replies = ReceiveBatch.open();

    Burst() throws SyscallException {
        socket.set(SocketLevelOptions.RCVBUF, 1 << 22);
        // Coalesced replies too take only a fraction of the buffer.
        socket.set(UdpOptions.GRO, true);
        socket.bind(SockAddr.of("127.0.0.1", 0));
    }

    void send(int port, int messages) {
        var payload = MemorySegment.ofArray(new byte[1]);
        var echo = SockAddr.of("127.0.0.1", port);
        for (int i = 0; i < messages * JOINED; i++) {
            if (!batch.add(payload, 0, 1, echo)) {
                socket.send(batch);
                batch.add(payload, 0, 1, echo);
            }
        }
        socket.send(batch);
        assertEquals(messages, socket.statistics().messagesSent());
    }

    /** Receives the replies, and returns their number. Stops at the expected number, or when no more arrive in time. */
    int received(int expected) throws SyscallException {
        int back = 0;
        while (back < expected && socket.awaitReadable(PATIENCE)) {
            socket.receive(replies);
            while (replies.next() != null) {
                back++;
            }
        }
        return back;
    }

    @Override
    public void close() {
        socket.close();
        batch.close();
        replies.close();
    }
}
