package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * A bound UDP port.
 *
 * <p>Writes are copied and sent together, when the callback that made them has returned and the batch of datagrams that
 * it belongs to is handled, or earlier if a batch is full; so that many become few system calls, and those to one
 * destination one message. Order for each destination is kept.
 *
 * <p>All methods but {@link #localAddress} belong to the reactor's thread; from another they throw
 * {@link WrongThreadException}. After the port is closed write and writeNow throw IllegalStateException.
 */
public interface DatagramTransport {

    /**
     * Writes a datagram.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many: 0 to 65,507, or to 65,527 for IPv6 destinations that are not IPv4-mapped
     * @param destination where to
     * @return false if nothing was taken, since the kernel takes no more at present and the port's queue is full;
     * {@link DatagramProtocol#writable} tells when to try again
     * @throws MessageLengthException if no datagram can be so long
     * @throws InvalidAddressException if the destination is not of the port's family
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     */
    boolean write(MemorySegment payload, long offset, int length, SockAddr destination);

    /**
     * Sends a datagram at once, with all that was written before; else like
     * {@link #write(MemorySegment, long, int, SockAddr)}.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many
     * @param destination where to
     * @return false if nothing was taken; true also if the kernel takes no more at present and it was queued
     * @throws MessageLengthException if no datagram can be so long
     * @throws InvalidAddressException if the destination is not of the port's family
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     */
    boolean writeNow(MemorySegment payload, long offset, int length, SockAddr destination);

    /**
     * Writes the payload of a received datagram, without an object made.
     *
     * @param datagram the datagram
     * @param destination where to; {@code datagram.source()} to send it back
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     */
    default boolean write(Datagram datagram, SockAddr destination) {
        return write(datagram.segment(), datagram.offset(), datagram.length(), destination);
    }

    /**
     * Writes an array.
     *
     * @param payload the whole datagram
     * @param destination where to
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     */
    default boolean write(byte[] payload, SockAddr destination) {
        return write(MemorySegment.ofArray(payload), 0, payload.length, destination);
    }

    /**
     * Writes an array to an address of java.net, which is converted at each call.
     *
     * @param payload the whole datagram
     * @param destination a resolved address
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     */
    default boolean write(byte[] payload, InetSocketAddress destination) {
        return write(payload, SockAddr.of(destination));
    }

    /**
     * Writes what a buffer holds.
     *
     * @param payload from its position to its limit; neither is changed
     * @param destination where to
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     */
    default boolean write(ByteBuffer payload, SockAddr destination) {
        return write(MemorySegment.ofBuffer(payload), 0, payload.remaining(), destination);
    }

    /**
     * Sends an array at once, with all that was written before.
     *
     * @param payload the whole datagram
     * @param destination where to
     * @return as {@link #writeNow(MemorySegment, long, int, SockAddr)}
     */
    default boolean writeNow(byte[] payload, SockAddr destination) {
        return writeNow(MemorySegment.ofArray(payload), 0, payload.length, destination);
    }

    /**
     * Sends the payload of a received datagram at once, with all that was written before.
     *
     * @param datagram the datagram
     * @param destination where to
     * @return as {@link #writeNow(MemorySegment, long, int, SockAddr)}
     */
    default boolean writeNow(Datagram datagram, SockAddr destination) {
        return writeNow(datagram.segment(), datagram.offset(), datagram.length(), destination);
    }

    /**
     * The address that the port is bound to.
     *
     * @return the real port, also where 0 was asked for; still told after the port is closed
     */
    SockAddr localAddress();

    /**
     * Stops receiving now, and closes the port in the next turn of the loop: what was written is sent first, then
     * {@link DatagramProtocol#stopProtocol} is called, then the descriptor is closed. Datagrams that were already
     * received are still delivered. What the kernel would not take is dropped and counted.
     *
     * @return completes on the reactor's thread after the descriptor is closed; the same one at each call
     */
    CompletionStage<Void> stopListening();

    /**
     * The socket below, for its options. It is the port's to close.
     *
     * @return the socket
     */
    UdpSocket socket();

    /**
     * What the port has done.
     *
     * @return a snapshot; after the port is closed, the last one
     */
    PortStatistics statistics();
}
