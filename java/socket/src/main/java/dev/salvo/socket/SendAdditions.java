package dev.salvo.socket;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** How datagrams get into a batch: with options or without, from a segment, an array or a datagram received. */
abstract sealed class SendAdditions permits SendBatch {

    static final int MAX_DATAGRAM = 65_535;

    final MessageStore store;

    SendAdditions(MessageStore store) {
        this.store = store;
    }

    abstract void clear();

    /**
     * Adds a received datagram.
     *
     * @param datagram its payload is copied
     * @param destination where to, often {@code datagram.source()}; null for the peer of a connected socket
     * @return false if the batch is full: send it, and add again
     * @throws IllegalStateException if the datagram or the batch is gone
     */
    public boolean add(Datagram datagram, @Nullable SockAddr destination) {
        return add(datagram.segment(), datagram.offset(), datagram.length(), destination);
    }

    /**
     * Adds a datagram. Whether its length and its family suit the socket shows when it is sent.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many, 0 to 65,535
     * @param destination where to; null for the peer of a connected socket
     * @return false if the batch is full: send it, and add again
     * @throws IllegalArgumentException if {@code length} is over 65,535
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws IllegalStateException if the batch is closed
     */
    public boolean add(MemorySegment payload, long offset, int length, @Nullable SockAddr destination) {
        var to = destination == null ? SockAddr.NONE : destination;
        return store.run.extend(payload, offset, length, to) || addAnywhere(payload, offset, length, to);
    }

    /**
     * Adds a datagram whose bytes are in an array, without an object made.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many, 0 to 65,535
     * @param destination where to; null for the peer of a connected socket
     * @return false if the batch is full: send it, and add again
     * @throws IllegalArgumentException if {@code length} is over 65,535
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws IllegalStateException if the batch is closed
     */
    public boolean add(byte[] payload, int offset, int length, @Nullable SockAddr destination) {
        var to = destination == null ? SockAddr.NONE : destination;
        return store.run.extend(payload, offset, length, to) || addAnywhere(payload, offset, length, to);
    }

    private boolean addAnywhere(Object payload, long offset, int length, SockAddr to) {
        requireLength(length);
        if (store.isSpent()) {
            clear();
        }
        return store.add(payload, offset, length, to, null);
    }

    static void requireLength(int length) {
        if (length > MAX_DATAGRAM) {
            throw new IllegalArgumentException("no datagram is " + length + " bytes long");
        }
    }

    /**
     * Adds a received datagram, to be sent with options of its own.
     *
     * @param datagram its payload is copied
     * @param destination where to, often {@code datagram.source()}; null for the peer of a connected socket
     * @param options they are copied
     * @return false if the batch is full: send it, and add again
     * @throws IllegalArgumentException as {@link #add(MemorySegment, long, int, SockAddr, SendOptions)}
     * @throws IllegalStateException if the datagram or the batch is gone
     */
    public boolean add(Datagram datagram, @Nullable SockAddr destination, SendOptions options) {
        return add(datagram.segment(), datagram.offset(), datagram.length(), destination, options);
    }

    /**
     * Adds a datagram, or with a segment size several, to be sent with options of their own.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many, 0 to 65,535; of more than one segment, 65,000 at the most
     * @param destination where to; null for the peer of a connected socket
     * @param options they are copied; of none that is set, this is the same as without
     * @return false if the batch is full: send it, and add again
     * @throws IllegalArgumentException if {@code length} is over that or makes more than 64 segments, or if the source
     *     is not of the destination's family
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws IllegalStateException if the batch is closed
     */
    public boolean add(
            MemorySegment payload, long offset, int length, @Nullable SockAddr destination, SendOptions options) {
        if (options.isEmpty()) {
            return add(payload, offset, length, destination);
        }
        var to = destination == null ? SockAddr.NONE : destination;
        options.requireFitting(length, to);
        if (store.isSpent()) {
            clear();
        }
        return store.add(payload, offset, length, to, options);
    }
}
