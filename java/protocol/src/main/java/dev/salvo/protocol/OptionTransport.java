package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.MemorySegment;

/**
 * The writes of a port that give a datagram options of its own: source address, interface, traffic class, hop limit,
 * time; or several datagrams at once, of one segment size. They are copied, so that one {@link SendOptions} serves for
 * all.
 *
 * <p>A port that is connected is written to by its {@link DatagramTransport#peerAddress}. What the kernel refuses, an
 * address that is not this host's for instance, {@link DatagramProtocol#writeFailed} tells, once for each datagram.
 */
public interface OptionTransport {

    /**
     * Writes a datagram with options of its own, or several.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many: as {@link DatagramTransport#write(MemorySegment, long, int, SockAddr)}; of more than one
     *     segment, 65,000 at the most
     * @param destination where to
     * @param options what is not set is as with the socket's own options
     * @return false if nothing was taken, as {@link DatagramTransport#write(MemorySegment, long, int, SockAddr)}
     * @throws MessageLengthException if no datagram can be so long
     * @throws InvalidAddressException if the destination is not of the port's family, or the port is connected to
     *     another
     * @throws IllegalArgumentException if there are more than 64 segments or too many bytes of them, or if the source
     *     is not of the destination's family
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     */
    boolean write(MemorySegment payload, long offset, int length, SockAddr destination, SendOptions options);

    /**
     * Sends a datagram at once, with all that was written before; else like
     * {@link #write(MemorySegment, long, int, SockAddr, SendOptions)}.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many
     * @param destination where to
     * @param options what is not set is as with the socket's own options
     * @return false if nothing was taken; true also if the kernel takes no more at present and it was queued
     */
    boolean writeNow(MemorySegment payload, long offset, int length, SockAddr destination, SendOptions options);

    /**
     * Writes the payload of a received datagram, without an object made.
     *
     * @param datagram the datagram
     * @param destination where to; {@code datagram.source()} to send it back
     * @param options what is not set is as with the socket's own options
     * @return as {@link #write(MemorySegment, long, int, SockAddr, SendOptions)}
     */
    default boolean write(Datagram datagram, SockAddr destination, SendOptions options) {
        return write(datagram.segment(), datagram.offset(), datagram.length(), destination, options);
    }

    /**
     * Sends the payload of a received datagram at once, with all that was written before.
     *
     * @param datagram the datagram
     * @param destination where to
     * @param options what is not set is as with the socket's own options
     * @return as {@link #writeNow(MemorySegment, long, int, SockAddr, SendOptions)}
     */
    default boolean writeNow(Datagram datagram, SockAddr destination, SendOptions options) {
        return writeNow(datagram.segment(), datagram.offset(), datagram.length(), destination, options);
    }

    /**
     * Writes an array.
     *
     * @param payload the whole datagram, or all of the segments
     * @param destination where to
     * @param options what is not set is as with the socket's own options
     * @return as {@link #write(MemorySegment, long, int, SockAddr, SendOptions)}
     */
    default boolean write(byte[] payload, SockAddr destination, SendOptions options) {
        return write(MemorySegment.ofArray(payload), 0, payload.length, destination, options);
    }

    /**
     * Sends an array at once, with all that was written before.
     *
     * @param payload the whole datagram, or all of the segments
     * @param destination where to
     * @param options what is not set is as with the socket's own options
     * @return as {@link #writeNow(MemorySegment, long, int, SockAddr, SendOptions)}
     */
    default boolean writeNow(byte[] payload, SockAddr destination, SendOptions options) {
        return writeNow(MemorySegment.ofArray(payload), 0, payload.length, destination, options);
    }
}
