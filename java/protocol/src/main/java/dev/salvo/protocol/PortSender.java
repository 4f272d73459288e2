package dev.salvo.protocol;

import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends what a port has written, arranges for what the kernel would not take, and tells the protocol. */
final class PortSender {

    /** A queueing discipline that had no room has some after about this time; the socket is writable meanwhile. */
    private static final Duration BUFFER_WAIT = Duration.ofMillis(5);

    private final UdpPort port;
    private final Reactor reactor;
    private final Connection connection;
    private final GuardedProtocol protocol;
    private final PollEntry poll;
    private final @Nullable AnswerSource answers;
    private final SendQueue queue;
    private final DropWatch drops;
    private boolean waitsForBuffers;
    private boolean listed;

    PortSender(UdpPort port, Reactor reactor, UdpSocket socket, Connection connection, GuardedProtocol protocol,
            PollEntry poll, @Nullable AnswerSource answers, PortOptions options) {
        this.port = port;
        this.reactor = reactor;
        this.connection = connection;
        this.protocol = protocol;
        this.poll = poll;
        this.answers = answers;
        this.queue = new SendQueue(socket, connection, reactor.ports().batches(), options);
        this.drops = new DropWatch(port);
    }

    /**
     * Writes what goes on where the last write ended: whether it does, and nothing was written if not. All that was
     * checked of the last one holds for it, and the port is listed. After a flush there is nothing to go on with, so
     * not once the port is closed, is connected to another peer, or may send no more.
     *
     * @param destination null for the peer
     */
    boolean extend(MemorySegment payload, long offset, int length, @Nullable SockAddr destination) {
        var batch = extendable(destination);
        try {
            return batch != null && batch.extend(payload, offset, length, destination);
        } catch (WrongThreadException e) {
            // The checks of write tell another thread what to do instead.
            return false;
        }
    }

    /** As the other, of an array: a segment of it would be an object for each datagram. */
    boolean extend(byte[] payload, @Nullable SockAddr destination) {
        var batch = extendable(destination);
        try {
            return batch != null && batch.extend(payload, 0, payload.length, destination);
        } catch (WrongThreadException e) {
            return false;
        }
    }

    /** Called from here and not the other way round, since the JIT inlines fifteen calls deep (MaxInlineLevel). */
    private @Nullable SendBatch extendable(@Nullable SockAddr destination) {
        return answers == null || destination == null ? queue.extendable() : null;
    }

    /** @param payload a segment, or an array of bytes: a segment of that would be an object for each datagram */
    boolean write(Object payload, long offset, int length, @Nullable SockAddr destination,
            @Nullable SendOptions options) {
        list();
        return queue.add(payload, offset, length, destination, completed(options, destination));
    }

    boolean writeNow(Object payload, long offset, int length, @Nullable SockAddr destination,
            @Nullable SendOptions options) {
        list();
        if (queue.stoppedBy() != 0) {
            flushQueue();
        }
        var taken = queue.add(payload, offset, length, destination, completed(options, destination));
        flushQueue();
        return taken;
    }

    private @Nullable SendOptions completed(@Nullable SendOptions options, @Nullable SockAddr destination) {
        return answers == null || options != null || destination == null ? options : answers.to(destination);
    }

    /** Has the reactor flush this port before it polls. */
    void list() {
        if (!listed) {
            listed = true;
            reactor.ports().toFlush(port);
        }
    }

    void unlist() {
        listed = false;
    }

    /** Sends what was written, unless the kernel would not take it. */
    void send() {
        if (queue.stoppedBy() == 0 && !queue.isEmpty()) {
            flushQueue();
        }
    }

    /** Sends what was written, also if the kernel would not take it before. */
    void sendAgain() {
        flushQueue();
    }

    private void flushQueue() {
        queue.flush();
        connection.lookAgain();
    }

    void flush() {
        send();
        poll.watchWritable(queue.waitsForWritable());
        waitForBuffers();
        tellFailures();
        if (queue.takeRoom()) {
            protocol.writable();
        }
        drops.look();
    }

    private void waitForBuffers() {
        if (queue.stoppedBy() != 0 && !queue.waitsForWritable() && !waitsForBuffers) {
            waitsForBuffers = true;
            reactor.callLater(BUFFER_WAIT, () -> {
                waitsForBuffers = false;
                port.sendAgain();
            });
        }
    }

    /** Those that there are now: what writeNow adds meanwhile waits for the next turn, so that the loop goes on. */
    void tellFailures() {
        for (int left = queue.failures(); left > 0; left--) {
            var failure = queue.takeFailure();
            var destination = failure.destination();
            if (destination != null) {
                protocol.writeFailed(destination, failure.length(), failure.errno());
            }
        }
    }

    /** Before the port is closed. */
    void drop() {
        queue.drop();
        drops.lookNow();
    }

    SendQueue queue() {
        return queue;
    }
}
