package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.PathMtu;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A bound UDP port.
 *
 * <p>Writes are copied and sent together, when the callback that made them has returned and the batch of datagrams that
 * it belongs to is handled, or earlier if a batch is full; so that many become few system calls, and those to one
 * destination one message. Order for each destination is kept.
 *
 * <p>All methods but {@link #localAddress} belong to the reactor's thread; from another they, or the socket that
 * {@link #socket} gives, throw {@link WrongThreadException}. After the port is closed write and writeNow throw
 * IllegalStateException.
 */
public interface DatagramTransport extends MulticastTransport, OptionTransport {

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
     * @throws InvalidAddressException if the destination is not of the port's family, or the port is connected to
     *     another
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws java.io.UncheckedIOException ENOMEM if there is no memory to keep it in
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
     * Writes a datagram to the connected peer.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     * @throws IllegalStateException if the port is not connected
     */
    boolean write(MemorySegment payload, long offset, int length);

    /**
     * Sends a datagram to the connected peer at once, with all that was written before.
     *
     * @param payload where its bytes are; they are copied
     * @param offset where they begin
     * @param length how many
     * @return as {@link #writeNow(MemorySegment, long, int, SockAddr)}
     * @throws IllegalStateException if the port is not connected
     */
    boolean writeNow(MemorySegment payload, long offset, int length);

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
     * Writes an array to an address literal, which is parsed at each call.
     *
     * @param payload the whole datagram
     * @param host an IPv4 or IPv6 literal, with a scope where it needs one; {@code <broadcast>} is 255.255.255.255,
     *     which {@link #setBroadcastAllowed} must have allowed. No name is resolved: {@link Reactor#resolve} does
     * @param port 1 to 65535
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     * @throws InvalidAddressException if {@code host} is no literal, or not of the port's family
     * @throws IllegalArgumentException if {@code port} is out of range
     */
    default boolean write(byte[] payload, String host, int port) {
        return write(payload, Addresses.destination(host, port));
    }

    /**
     * Writes an array to the connected peer.
     *
     * @param payload the whole datagram
     * @return as {@link #write(MemorySegment, long, int)}
     */
    default boolean write(byte[] payload) {
        return write(MemorySegment.ofArray(payload), 0, payload.length);
    }

    /**
     * Writes what a buffer holds to the connected peer.
     *
     * @param payload from its position to its limit; neither is changed
     * @return as {@link #write(MemorySegment, long, int)}
     */
    default boolean write(ByteBuffer payload) {
        return write(MemorySegment.ofBuffer(payload), 0, payload.remaining());
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
     * Sends an array to the connected peer at once, with all that was written before.
     *
     * @param payload the whole datagram
     * @return as {@link #writeNow(MemorySegment, long, int)}
     */
    default boolean writeNow(byte[] payload) {
        return writeNow(MemorySegment.ofArray(payload), 0, payload.length);
    }

    /**
     * Writes several arrays as one datagram.
     *
     * @param parts its bytes, in order
     * @param destination where to
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     */
    default boolean writeSequence(List<byte[]> parts, SockAddr destination) {
        var joined = new ByteArrayOutputStream();
        parts.forEach(joined::writeBytes);
        return write(joined.toByteArray(), destination);
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
     * Connects the port: from now on it writes to this peer alone, by {@link #write(byte[])} and its kin or with the
     * peer's address, receives from it alone, and is told by {@link DatagramProtocol#connectionRefused} of what comes
     * back. Nothing is sent by this, and nothing says that anybody is there. What was written before is sent first;
     * what others sent before is dropped and counted. IP_RECVERR and IPV6_RECVERR are switched on.
     *
     * {@snippet file = "dev/salvo/examples/Helloer.java" region = "protocol"}
     *
     * <p>A connected port may be connected to another peer. If that fails it stays connected where it was, or is
     * unconnected if the kernel no longer allows that.
     *
     * @param peer of the port's family, with a port other than 0
     * @throws InvalidAddressException if it is not of the port's family
     * @throws IllegalStateException if it is a port of a {@link ReactorGroup}, or is closed
     * @throws IOException ENETUNREACH and its kin if there is no route, EACCES for a broadcast address that is not
     *     allowed; EAGAIN if the port is connected, and the kernel would not take all that was written to the peer
     */
    void connect(SockAddr peer) throws IOException;

    /**
     * Connects the port to an address literal, as {@link #connect(SockAddr)}.
     *
     * @param host an IPv4 or IPv6 literal, with a scope where it needs one
     * @param port 1 to 65535
     * @throws InvalidAddressException if {@code host} is no literal, or not of the port's family
     * @throws IllegalArgumentException if {@code port} is out of range
     * @throws IOException as {@link #connect(SockAddr)}
     */
    default void connect(String host, int port) throws IOException {
        connect(Addresses.literal(host, port));
    }

    /**
     * Makes a connected port an unconnected one, on the same local port; does nothing if it is unconnected.
     *
     * @throws IOException EADDRINUSE if the kernel chose the local port and another process has taken it meanwhile: the
     *     port then has none, and gets a new one by its next write; EAGAIN as {@link #connect(SockAddr)}
     */
    void disconnect() throws IOException;

    /**
     * The peer that the port is connected to.
     *
     * @return its address as the kernel has it; null if the port is not connected
     */
    @Nullable
    SockAddr peerAddress();

    /**
     * The address that the port is bound to; connecting narrows it to the one that is routed to the peer.
     *
     * @return the real port, also where 0 was asked for; still told after the port is closed. A socket that was adopted
     * unbound has port 0 until its first datagram is sent
     */
    SockAddr localAddress();

    /**
     * Stops receiving now, and closes the port in the next turn of the loop: what was written is sent first, then
     * {@link DatagramProtocol#stopProtocol} is called, then the descriptor is closed. Datagrams that were already
     * received are still delivered. What the kernel would not take is dropped and counted.
     *
     * <p>{@link dev.salvo.socket.DescriptorSender} shows how a running service hands its port to another process, and
     * loses nothing.
     *
     * @return completes on the reactor's thread after the descriptor is closed; the same one at each call
     */
    CompletionStage<Void> stopListening();

    /**
     * The MTU of the path to a destination as the kernel knows it at present: {@link PathMtu#to}, for about twelve
     * system calls; {@link PathMtu#largestPayload} makes the length of a datagram of it.
     *
     * @param destination where to, of the port's family
     * @return bytes, with the IP header
     * @throws IOException as there
     */
    default int pathMtu(SockAddr destination) throws IOException {
        return PathMtu.to(socket(), destination);
    }

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
