package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import dev.salvo.socket.TransmitTimestamp;

/**
 * What a program makes of the datagrams of a port. The reactor calls it, always on its own thread.
 *
 * {@snippet file = "dev/salvo/examples/Echo.java" region = "protocol"}
 *
 * <p>Any method may throw: the exception is logged, and the loop goes on with the next datagram. Only
 * {@link #startProtocol} is different: what it throws comes out of listenUdp, and the port is closed.
 */
@FunctionalInterface
public interface DatagramProtocol {

    /**
     * A datagram has come.
     *
     * @param datagram valid until this returns; {@link Datagram#copy()} keeps it
     * @param transport where it came in
     * @throws Exception anything: it is logged
     */
    void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception;

    /**
     * The port is bound; nothing has been received yet. Everything of the transport can be used, stopListening too.
     *
     * @param transport the port
     * @throws Exception anything: it closes the port and comes out of listenUdp
     */
    default void startProtocol(DatagramTransport transport) throws Exception {}

    /**
     * The port is about to be closed. Its statistics can still be read; what is written now is dropped unless it is
     * sent at once. Not called if {@link #startProtocol} threw.
     *
     * @throws Exception anything: it is logged, and the port is closed
     */
    default void stopProtocol() throws Exception {}

    /**
     * A datagram to the connected peer was not delivered: an ICMP or ICMPv6 message says that the port, the host or the
     * network can't be reached or is closed to us. Connected ports alone hear of it. The port stays open, and a peer
     * that appears later is heard.
     *
     * <p>Called at least once when something comes back, at most once for each entry of the error queue: the kernel
     * makes one for each packet, which is up to 64 datagrams that were joined, and limits their rate. Never called from
     * inside write.
     *
     * @param destination the peer
     * @param transport the port
     * @throws Exception anything: it is logged
     */
    default void connectionRefused(SockAddr destination, DatagramTransport transport) throws Exception {}

    /**
     * What the network says of a datagram that was sent: an ICMP or ICMPv6 error, with the destination, whoever else
     * was written to since. Only with {@link PortOptions#withErrors}, on connected and unconnected ports; a connected
     * one is then told by {@link #connectionRefused} as well, after this. The port stays open, and so it is with other
     * destinations.
     *
     * <p>Called once for each entry of the error queue: the kernel makes one for each packet, which is up to 64
     * datagrams that were joined; it limits their rate, and has no room for more where none is left in the receive
     * buffer. At most 256 are told in a row, and of those that wait meanwhile 256 are kept; icmpErrorsDropped counts
     * the others. What the kernel itself refuses to send is not told here but by {@link #writeFailed}. An adopted
     * socket tells of what its other holders sent, too. What the last flush of a port has found is told before
     * {@link #stopProtocol}, and nothing that comes back later. Never called from inside write.
     *
     * @param error what happened; it may be kept, and can't be believed more than any datagram
     * @param transport the port
     * @throws Exception anything: it is logged
     */
    default void errorReceived(SocketError error, DatagramTransport transport) throws Exception {}

    /**
     * A datagram that was written with {@link dev.salvo.socket.SendOptions#transmitTimestamp} has left: once for each,
     * in the order in which the kernel tells it, at the end of a flush, never from inside write. Before,
     * {@link TransmitTimestamp#enable} must have been called for {@link DatagramTransport#socket}; of an adopted socket
     * it stays on.
     *
     * <p>At most 256 are told in a row, and of those that wait meanwhile 256 are kept; completionsDropped counts the
     * others. So a turn that writes more than 256 datagrams with one loses some. Zerocopy completions, which nothing
     * that a port writes brings, are told to nobody.
     *
     * @param timestamp when it left, and its id
     * @param transport where it was written
     * @throws Exception anything: it is logged
     */
    default void transmitted(TransmitTimestamp timestamp, DatagramTransport transport) throws Exception {}

    /**
     * A datagram that was written has been refused by the kernel, for a reason of its own. Called once for each, at the
     * end of the flush, never from inside write. EMSGSIZE is more than the path takes, where datagrams must not be
     * fragmented ({@link dev.salvo.socket.PathMtu#discovery}): {@link DatagramTransport#pathMtu} tells how much it
     * takes.
     *
     * @param destination where it was to go
     * @param length its length
     * @param errno why: a value of {@link dev.salvo.socket.Errno}
     * @param transport where it was written
     * @throws Exception anything: it is logged
     */
    default void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport)
            throws Exception {}

    /**
     * After a write that returned false, there is room again: at least half of the queue. Never called from inside
     * write.
     *
     * @param transport where to write
     * @throws Exception anything: it is logged
     */
    default void writable(DatagramTransport transport) throws Exception {}

    /**
     * What this protocol is called in log lines.
     *
     * @return the name of its class, without the package
     */
    default String logPrefix() {
        return getClass().getSimpleName();
    }
}
