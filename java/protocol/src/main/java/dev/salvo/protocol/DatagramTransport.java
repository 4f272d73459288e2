package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.PathMtu;
import dev.salvo.socket.SendOptions;
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
 * A UDP port: a socket that a reactor serves. It is bound, unless an unbound socket was adopted.
 *
 * <p>
 * A write copies the datagram; the port sends it later, together with others. What
 * {@link DatagramProtocol#datagramReceived} writes to its own port is sent when the batch of received datagrams has
 * been handled. What other calls write is sent at the end of the turn. A full send batch is sent at once. Many
 * datagrams then need few system calls, and datagrams to one destination can share one message. Datagrams to the same
 * destination stay in order.
 *
 * <p>
 * An IPv6 port on {@code ::} serves IPv4 as well, unless {@link PortOptions#withV6Only} is on. Wherever such a port
 * takes an address, it takes IPv4 addresses, too, and it reports them in their IPv4-mapped form,
 * {@code ::ffff:a.b.c.d}: as a source, as the peer, and to {@link DatagramProtocol#writeFailed}. Both forms are the
 * same destination. An address that is not of this form is converted at each batch or write.
 *
 * <p>
 * All methods but {@link #localAddress} must be called on the reactor's thread. On another thread they throw
 * {@link WrongThreadException}, or the socket that {@link #socket} returns does. After the port is closed, write and
 * flush throw IllegalStateException.
 */
public interface DatagramTransport extends MulticastTransport {

    /**
     * Writes a datagram.
     *
     * @param payload the memory that holds the datagram, whose bytes are copied
     * @param offset where the datagram begins in {@code payload}, in bytes
     * @param length the length of the datagram in bytes: 0 to 65,507, or to 65,527 for IPv6 destinations that are not
     *     IPv4-mapped
     * @param destination the address to send to. A datagram to port 0 is taken and fails later:
     *     {@link DatagramProtocol#writeFailed} is called with EINVAL
     * @return true if the port has taken the datagram; false if it has not, because the kernel accepts no more at
     * present and the port's send queue is full. {@link DatagramProtocol#writable} is called when it is time to try
     * again
     * @throws MessageLengthException if {@code length} is more than a datagram can have
     * @throws InvalidAddressException if the destination is not of the port's family, or if the port is connected to
     *     another address
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     * @throws java.io.UncheckedIOException ENOMEM if there is no memory to keep the datagram in
     */
    boolean write(MemorySegment payload, long offset, int length, SockAddr destination);

    /**
     * Writes the payload of a received datagram, without allocating an object.
     *
     * @param datagram the received datagram
     * @param destination the address to send to; {@code datagram.source()} sends the payload back
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     */
    default boolean write(Datagram datagram, SockAddr destination) {
        return write(datagram.segment(), datagram.offset(), datagram.length(), destination);
    }

    /**
     * Writes a datagram to the connected peer.
     *
     * @param payload the memory that holds the datagram, whose bytes are copied
     * @param offset where the datagram begins in {@code payload}, in bytes
     * @param length the length of the datagram in bytes
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     * @throws IllegalStateException if the port is not connected
     */
    boolean write(MemorySegment payload, long offset, int length);

    /**
     * Writes an array as one datagram.
     *
     * @param payload the whole datagram
     * @param destination the address to send to
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     */
    default boolean write(byte[] payload, SockAddr destination) {
        return write(MemorySegment.ofArray(payload), 0, payload.length, destination);
    }

    /**
     * Writes an array as one datagram to a java.net address, which is converted at each call.
     *
     * @param payload the whole datagram
     * @param destination the address to send to, which must be resolved
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     */
    default boolean write(byte[] payload, InetSocketAddress destination) {
        return write(payload, SockAddr.of(destination));
    }

    /**
     * Writes an array as one datagram to an address literal, which is parsed at each call.
     *
     * @param payload the whole datagram
     * @param host an IPv4 or IPv6 literal, with a scope where it needs one. {@code <broadcast>} means 255.255.255.255,
     *     which {@link #setBroadcastAllowed} must have allowed. Host names are not resolved here, but by
     *     {@link dev.salvo.reactor.Reactor#resolve}
     * @param port 0 to 65535. A datagram to port 0 fails later: {@link DatagramProtocol#writeFailed} is called with
     *     EINVAL
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     * @throws InvalidAddressException if {@code host} is not a literal, or not of the port's family, or if the port is
     *     connected to another address
     * @throws IllegalArgumentException if {@code port} is out of range
     */
    boolean write(byte[] payload, String host, int port);

    /**
     * Writes an array as one datagram to the connected peer.
     *
     * @param payload the whole datagram
     * @return as {@link #write(MemorySegment, long, int)}
     */
    default boolean write(byte[] payload) {
        return write(MemorySegment.ofArray(payload), 0, payload.length);
    }

    /**
     * Writes the remaining bytes of a buffer as one datagram to the connected peer.
     *
     * @param payload holds the datagram from its position to its limit; neither is changed
     * @return as {@link #write(MemorySegment, long, int)}
     */
    default boolean write(ByteBuffer payload) {
        return write(MemorySegment.ofBuffer(payload), 0, payload.remaining());
    }

    /**
     * Writes the remaining bytes of a buffer as one datagram.
     *
     * @param payload holds the datagram from its position to its limit; neither is changed
     * @param destination the address to send to
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     */
    default boolean write(ByteBuffer payload, SockAddr destination) {
        return write(MemorySegment.ofBuffer(payload), 0, payload.remaining(), destination);
    }

    /**
     * Writes several arrays as one datagram.
     *
     * @param parts the parts of the datagram, in order
     * @param destination the address to send to
     * @return as {@link #write(MemorySegment, long, int, SockAddr)}
     */
    default boolean writeSequence(List<byte[]> parts, SockAddr destination) {
        var joined = new ByteArrayOutputStream();
        parts.forEach(joined::writeBytes);
        return write(joined.toByteArray(), destination);
    }

    /**
     * Writes a datagram with options of its own: source address, interface, traffic class, hop limit, time of
     * transmission. With a segment size, it writes several datagrams at once. A datagram that the kernel refuses is
     * reported by {@link DatagramProtocol#writeFailed}, once for each datagram.
     *
     * @param payload the memory that holds the datagram, whose bytes are copied
     * @param offset where the datagram begins in {@code payload}, in bytes
     * @param length its length in bytes, as for {@link #write(MemorySegment, long, int, SockAddr)}; at most 65,000 if
     *     there is more than one segment
     * @param destination the address to send to
     * @param options the options; one that is not set leaves the value of the socket's own option
     * @return false if the port has not taken the datagrams, as {@link #write(MemorySegment, long, int, SockAddr)}
     * @throws MessageLengthException if {@code length} is more than a datagram can have
     * @throws InvalidAddressException if the destination is not of the port's family, or if the port is connected to
     *     another address
     * @throws IllegalArgumentException if there are more than 64 segments, or more than 65,000 bytes in several
     *     segments, or if the source address is not of the destination's family
     * @throws IndexOutOfBoundsException if the bytes are not inside {@code payload}
     */
    boolean write(MemorySegment payload, long offset, int length, SockAddr destination, SendOptions options);

    /**
     * Writes the payload of a received datagram with options, without allocating an object.
     *
     * @param datagram the received datagram
     * @param destination the address to send to; {@code datagram.source()} sends the payload back
     * @param options the options; one that is not set leaves the value of the socket's own option
     * @return as {@link #write(MemorySegment, long, int, SockAddr, SendOptions)}
     */
    default boolean write(Datagram datagram, SockAddr destination, SendOptions options) {
        return write(datagram.segment(), datagram.offset(), datagram.length(), destination, options);
    }

    /**
     * Writes an array with options.
     *
     * @param payload the whole datagram, or all segments
     * @param destination the address to send to
     * @param options the options; one that is not set leaves the value of the socket's own option
     * @return as {@link #write(MemorySegment, long, int, SockAddr, SendOptions)}
     */
    default boolean write(byte[] payload, SockAddr destination, SendOptions options) {
        return write(MemorySegment.ofArray(payload), 0, payload.length, destination, options);
    }

    /**
     * Sends what the port has written so far, now and not at the end of the turn. It tries to send even if the kernel
     * accepted no more the last time. Datagrams that the kernel does not accept stay queued. No callback is called from
     * here.
     *
     * @throws IllegalStateException if the port is closed
     */
    void flush();

    /**
     * Connects the port to a peer. From now on the port sends to this peer only: by {@link #write(byte[])} and the
     * other writes without a destination, or by writes with the peer's address. It receives from this peer only, and
     * {@link DatagramProtocol#connectionRefused} reports that the peer can't be reached. IP_RECVERR is switched on for
     * this, and on an IPv6 port IPV6_RECVERR as well.
     *
     * <p>
     * Connecting sends no datagram, and does not show that the peer exists. What the port has written before is sent
     * first. If the port is not connected and the kernel does not accept all of it, the rest is sent later, each
     * datagram to its own destination. Datagrams that arrived from other addresses before are dropped and counted
     * ({@link PortStatistics#datagramsFromStrangers}).
     *
     * {@snippet file = "dev/salvo/examples/Helloer.java" region = "protocol"}
     *
     * <p>
     * A connected port may be connected to another peer. It is disconnected first, so datagrams that arrive in between
     * can be lost, as {@link UdpSocket#disconnect} describes. If connecting fails, the port is connected to its former
     * peer again, or is unconnected if the kernel no longer allows that connection. After EADDRINUSE or EPERM it may
     * have another local port, if the kernel had chosen the former one: see {@link #localAddress}.
     *
     * @param peer the peer, of the port's family and with a port other than 0
     * @throws InvalidAddressException if the peer is not of the port's family, or if its port is 0
     * @throws IllegalStateException if the port belongs to a {@link dev.salvo.reactor.ReactorGroup}, or is closed
     * @throws IOException ENETUNREACH or a similar error if there is no route; EACCES for a broadcast address that is
     *     not allowed; EAGAIN if the port is connected, and the kernel has not accepted all that was written to the
     *     present peer. If the port is connected, also EADDRINUSE if the kernel had chosen the local port and another
     *     socket has taken it meanwhile, and EPERM if the kernel does not allow the device of the socket again
     */
    void connect(SockAddr peer) throws IOException;

    /**
     * Connects the port to an address literal, as {@link #connect(SockAddr)}.
     *
     * @param host an IPv4 or IPv6 literal, with a scope where it needs one
     * @param port 1 to 65535
     * @throws InvalidAddressException if {@code host} is not a literal, or not of the port's family, or if {@code port}
     *     is 0
     * @throws IllegalArgumentException if {@code port} is out of range
     * @throws IOException as {@link #connect(SockAddr)}
     */
    void connect(String host, int port) throws IOException;

    /**
     * Connects the port to a java.net address, as {@link #connect(SockAddr)}.
     *
     * @param peer the peer: a resolved address of the port's family
     * @throws IllegalArgumentException if {@code peer} is unresolved
     * @throws IOException as {@link #connect(SockAddr)}
     */
    default void connect(InetSocketAddress peer) throws IOException {
        connect(SockAddr.of(peer));
    }

    /**
     * Disconnects the port, which keeps its local port, and sends to everyone again. Does nothing if the port is not
     * connected. Datagrams that arrive meanwhile may be lost, and an IPv6 port receives IPv6 datagrams from the address
     * of its former peer alone, both as {@link UdpSocket#disconnect} describes. The log says so. To hear others, stop
     * the port and listen anew.
     *
     * @throws IOException EADDRINUSE if the kernel had chosen the local port and another socket has taken it meanwhile;
     *     EPERM if the kernel does not allow the device of the socket again. After EADDRINUSE or EPERM the port is
     *     unconnected, and a local port that the kernel had chosen is gone: the next write gets a new one. EAGAIN as
     *     for {@link #connect(SockAddr)}; the port then stays connected
     */
    void disconnect() throws IOException;

    /**
     * The peer that the port is connected to.
     *
     * <p>
     * Another holder of an adopted socket may connect it to another peer, or disconnect it. The port finds out when it
     * is asked here, when it begins a batch of writes, and when a datagram arrives that its peer has not sent: from
     * then on it has the new peer, or none, as if it had been connected by {@link #connect}. Datagrams for the peer
     * that are written but not yet sent go to the peer that the socket has when they are sent.
     *
     * @return the peer's address; null if the port is not connected. The kernel is asked if the socket was adopted
     */
    @Nullable
    SockAddr peerAddress();

    /**
     * The address that the port is bound to. While a port that is bound to the wildcard is connected, this is the local
     * address that the route to the peer uses. Any thread may call this.
     *
     * @return the address with the actual port number, even if port 0 was asked for. It is still available after the
     * port is closed. An adopted socket that was not bound has port 0 until its first datagram is sent
     */
    SockAddr localAddress();

    /**
     * Stops receiving at once, and closes the port in the next turn of the loop. The port then sends what was written,
     * calls {@link DatagramProtocol#stopProtocol}, and closes the descriptor. Datagrams that the port had already
     * received are still delivered. Datagrams that the kernel does not accept are dropped and counted
     * ({@link PortStatistics#datagramsDropped}).
     *
     * <p>
     * Datagrams that wait in the kernel are left there, and no counter has them. They are lost with the socket, unless
     * another process holds it and receives them, which the kernel doesn't tell. So a port never takes them to count
     * them.
     *
     * <p>
     * {@link dev.salvo.socket.handover.DescriptorSender} shows how a running service hands its port to another process
     * without losing a datagram.
     *
     * @return a stage that completes on the reactor's thread after the descriptor is closed; the same stage at each
     * call. Waiting for it on that thread throws IllegalStateException, since the turn that closes the port would never
     * come: use {@code thenRun}
     */
    CompletionStage<Void> stopListening();

    /**
     * The MTU of the path to a destination, as the kernel knows it at present. This calls {@link PathMtu#to}, which
     * needs about seventeen system calls. {@link PathMtu#largestPayload} computes the largest datagram from the result.
     *
     * @param destination the destination, of the port's family
     * @return the MTU in bytes, including the IP header
     * @throws IOException as {@link PathMtu#to}
     */
    default int pathMtu(SockAddr destination) throws IOException {
        return PathMtu.to(socket(), destination);
    }

    /**
     * The socket of the port, for its options. The port closes the socket; the program must not.
     *
     * <p>
     * The kernel applies an option to everything that is sent after it is set, which includes what the port has written
     * and not yet sent. Call {@link #flush} before setting an option that must not apply to that; if
     * {@link PortStatistics#datagramsQueued} is not 0 afterwards, the kernel did not accept all of it. The setters of
     * the transport do so by themselves.
     *
     * @return the socket
     */
    UdpSocket socket();

    /**
     * What the port has done since it was opened.
     *
     * @return a snapshot; after the port is closed, the last one
     */
    PortStatistics statistics();
}
