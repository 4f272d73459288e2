package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.Errno;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import org.jspecify.annotations.Nullable;

/** Receives what a port's turn allows, and hands it to the protocol. */
final class PortReceiver implements DatagramBatch {

    /**
     * What a port may receive before the others have their turn: no further call is made after so many. One call brings
     * up to 64 messages, and those up to 64 datagrams each, or 128 from senders on this host.
     */
    private static final int TURN_MESSAGES = 256;

    private static final int TURN_DATAGRAMS = 4096;
    private static final int TURN_BYTES = 4_000_000;

    private final UdpPort port;
    private final Reactor reactor;
    private final UdpSocket socket;
    private final Connection connection;
    private final GuardedProtocol protocol;
    private final @Nullable AnswerSource answers;
    private final int maxPacketSize;
    private final ReceiveBatch batch;
    /** What is left of the turn. */
    private int datagrams;
    private int bytes;
    /** Whether a batch protocol is being called. */
    private boolean handing;

    private long strangers;
    private long notTaken;

    PortReceiver(UdpPort port, Reactor reactor, UdpSocket socket, Connection connection, GuardedProtocol protocol,
            @Nullable AnswerSource answers, int maxPacketSize) {
        this.port = port;
        this.reactor = reactor;
        this.socket = socket;
        this.connection = connection;
        this.protocol = protocol;
        this.answers = answers;
        this.maxPacketSize = maxPacketSize;
        this.batch = reactor.ports().receiveBatch();
    }

    /** After every call what the protocol wrote is sent. Returns how many messages came. */
    int receive() {
        batch.maxPacketSize(maxPacketSize);
        int messages = TURN_MESSAGES;
        int received = 0;
        datagrams = TURN_DATAGRAMS;
        bytes = TURN_BYTES;
        while (messages > 0 && datagrams > 0 && bytes > 0 && port.isListening()) {
            var asked = Math.min(messages, batch.slots());
            var came = receiveInto(asked);
            received += came;
            // Fewer than asked for means drained: no call is made to hear EAGAIN.
            messages = came < asked ? 0 : messages - came;
            if (protocol.takesBatches()) {
                handBatch(came);
            } else {
                for (var datagram = take(); datagram != null; datagram = take()) {
                    protocol.datagramReceived(datagram);
                }
            }
            port.send();
        }
        return received;
    }

    private int receiveInto(int messages) {
        try {
            return socket.receive(batch, messages);
        } catch (SyscallException e) {
            // A pending error, cleared by this. More may be there to receive, and then epoll tells so again.
            if (Errno.isRaisedByIcmp(e.errno())) {
                port.errorPending(e.errno());
            } else {
                reactor.log("receiving on " + connection.local(), e);
            }
            return 0;
        }
    }

    private @Nullable Datagram take() {
        var datagram = batch.next();
        while (datagram != null && connection.peer() != null && connection.isStranger(datagram.source())) {
            strangers++;
            datagram = batch.next();
        }
        if (datagram != null) {
            datagrams--;
            bytes -= datagram.length();
        }
        if (answers != null) {
            answers.answering(datagram);
        }
        return datagram;
    }

    private void handBatch(int messages) {
        if (messages > 0) {
            handing = true;
            try {
                protocol.batchReceived(this);
            } finally {
                handing = false;
            }
            for (var left = take(); left != null; left = take()) {
                notTaken++;
            }
        }
    }

    @Override
    public @Nullable Datagram next() {
        if (!handing) {
            throw new IllegalStateException("this batch is gone: its call has returned");
        }
        return take();
    }

    long strangers() {
        return strangers;
    }

    long notTaken() {
        return notTaken;
    }
}
