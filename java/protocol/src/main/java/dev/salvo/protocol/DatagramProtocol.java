package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import dev.salvo.socket.TransmitTimestamp;

/**
 * Handles the datagrams and the events of a port. The reactor calls these methods, always on its own thread.
 *
 * {@snippet file = "dev/salvo/examples/Echo.java" region = "protocol"}
 *
 * <p>
 * Any method may throw. The exception is logged, and the loop goes on with the next datagram. Only two methods are
 * different. Their exceptions close the port, and the caller of listenUdp or adoptDatagramPort gets them:
 *
 * <ul>
 * <li>{@link #startProtocol}: listenUdp throws a {@link CannotListenException} whose cause is the IOException;
 * adoptDatagramPort throws the IOException itself. Any other checked exception is the cause of an
 * IllegalStateException. An unchecked exception or an error is thrown unchanged.
 * <li>{@link #logPrefix}, which is called once, when the port is opened: the exception is thrown unchanged.
 * </ul>
 */
@FunctionalInterface
public interface DatagramProtocol {

    /**
     * Called for each datagram that the port receives.
     *
     * @param datagram the datagram, valid until this method returns; {@link Datagram#copy()} makes a copy that stays
     *     valid
     * @param transport the port that received the datagram
     * @throws Exception anything: it is logged
     */
    void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception;

    /**
     * Called when the port is open, before it receives anything. All methods of the transport may be used, including
     * stopListening.
     *
     * @param transport the port
     * @throws Exception anything: the port is closed, and the caller of listenUdp or adoptDatagramPort gets the
     *     exception, as described above
     */
    default void startProtocol(DatagramTransport transport) throws Exception {}

    /**
     * Called when the port is about to be closed: the program has called {@link DatagramTransport#stopListening}, the
     * reactor ends, or the port's own socket can't be used any more, for a reason that is logged. Its statistics can
     * still be read. A datagram that is written now is dropped, unless {@link DatagramTransport#flush} sends it. This
     * method is not called if {@link #startProtocol} threw an exception.
     *
     * @param transport the port that is about to be closed
     * @throws Exception anything: it is logged, and the port is closed
     */
    default void stopProtocol(DatagramTransport transport) throws Exception {}

    /**
     * Called when an ICMP or ICMPv6 message reports that a datagram to the connected peer was not delivered. These
     * messages are "destination unreachable" (the port, the host or the network is unreachable, or access to it is
     * prohibited), "time exceeded" and "parameter problem". A message that the datagram was too big is not among them.
     * Only connected ports get this call. The port stays open, and receives from the peer if the peer appears later.
     *
     * <p>
     * The method is called once for each such entry of the error queue. This host's kernel makes one entry for each
     * ICMP message. An entry is lost if the receive buffer is full, because the kernel then has no room for it, or if
     * more than 256 are waiting to be reported. Without entries, the method is called once for the socket's pending
     * error, which stands for any number of messages: if the receive buffer was full, the kernel has no error queue or
     * does not let it be read, or another holder of the socket has switched it off. Without an error queue the kernel
     * has a pending error only for some messages, "port unreachable" among them. A pending error that a send meets is
     * cleared by it, and is not reported unless the error queue has an entry.
     *
     * <p>
     * The host or router that sends the ICMP messages limits their rate (net.ipv4.icmp_ratelimit on Linux). One message
     * is about one packet. A packet can hold 64 coalesced datagrams, or as many as {@link PortOptions#maxSegments} if
     * that is more. Never called from inside write.
     *
     * @param destination the peer
     * @param transport the port
     * @throws Exception anything: it is logged
     */
    default void connectionRefused(SockAddr destination, DatagramTransport transport) throws Exception {}

    /**
     * Called when an ICMP or ICMPv6 error arrives for a datagram that was sent. The error names the destination of that
     * datagram, even if the port has written to other destinations since. The port stays open, and goes on sending to
     * the other destinations.
     *
     * <p>
     * Only ports with {@link PortOptions#withErrors} get this call, both connected and unconnected ones. If the error
     * is about the peer of a connected port, and of a kind that {@link #connectionRefused} reports, that method is
     * called afterwards as well.
     *
     * <p>
     * The method is called once for each entry of the error queue. This host's kernel makes one entry for each ICMP
     * message, and none while the receive buffer is full. The host or router that sends the messages limits their rate
     * (net.ipv4.icmp_ratelimit on Linux). One message is about one packet, which can hold 64 coalesced datagrams, or as
     * many as {@link PortOptions#maxSegments} if that is more.
     *
     * <p>
     * A port reports at most 256 errors in one turn of the loop. It keeps up to 256 more for the next turn;
     * {@link dev.salvo.socket.SocketStatistics#icmpErrorsDropped} counts the errors beyond these. Errors that the last
     * flush of a port finds are reported before {@link #stopProtocol}; errors that arrive later are not reported.
     *
     * <p>
     * A datagram that the kernel itself refuses to send is not reported here, but by {@link #writeFailed}. An adopted
     * socket also reports errors of datagrams that its other holders sent. Never called from inside write.
     *
     * @param error the error, which may be kept; it can be forged, so trust it no more than any datagram
     * @param transport the port
     * @throws Exception anything: it is logged
     */
    default void errorReceived(SocketError error, DatagramTransport transport) throws Exception {}

    /**
     * Called with the transmit timestamp of a datagram that was written with
     * {@link dev.salvo.socket.SendOptions#transmitTimestamp}. If the program has set
     * {@link dev.salvo.socket.option.SocketLevelOptions#TIMESTAMPING} to stamp all datagrams of the socket, the method
     * is called with these timestamps, too. {@link TransmitTimestamp#kind} says how far the datagram had come: with SND
     * it was handed to the network interface, with SCHED it has only entered the queueing discipline. The method is
     * called once for each timestamp, in the order in which the kernel reports them, at the end of a turn and never
     * from inside write.
     *
     * <p>
     * {@link TransmitTimestamp#enable} must have been called for {@link DatagramTransport#socket} before the write. On
     * an adopted socket it stays enabled after the port is closed.
     *
     * <p>
     * At most 256 unread timestamps are kept, and at most 256 are reported in a turn. A turn that writes more datagrams
     * with a timestamp may lose some. {@link dev.salvo.socket.SocketStatistics#timestampsDropped} counts those that
     * were dropped because 256 were kept already. Zerocopy completions are not reported; nothing that a port writes
     * causes any.
     *
     * @param timestamp the time, its kind, and the id that the datagram was written with
     * @param transport the port that the datagram was written to
     * @throws Exception anything: it is logged
     */
    default void transmitted(TransmitTimestamp timestamp, DatagramTransport transport) throws Exception {}

    /**
     * Called when the kernel has refused to send a datagram, for a reason that concerns this datagram. The method is
     * called once for each such datagram, at the end of the turn and never from inside write.
     *
     * <p>
     * EMSGSIZE means that the datagram is longer than the path allows and must not be fragmented
     * ({@link dev.salvo.socket.PathMtu#discovery}); {@link DatagramTransport#pathMtu} returns the MTU of the path.
     *
     * <p>
     * For a protocol that does not override this method, such as a lambda, the port logs each failure as a warning with
     * the port, the destination and the errno, at most ten lines a second. A protocol that overrides it decides itself
     * what is logged.
     *
     * @param destination the address that the datagram was written to
     * @param length the length of the datagram in bytes
     * @param errno the reason: a value of {@link dev.salvo.linux.Errno}
     * @param transport the port that it was written to
     * @throws Exception anything: it is logged
     */
    default void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport)
            throws Exception {}

    /**
     * Called after a write has returned false, once the port can take datagrams again: at least half of its send queue
     * is free. Also called after a setter, connect or disconnect has thrown EAGAIN, once everything that was written
     * has been sent. Never called from inside write.
     *
     * @param transport the port
     * @throws Exception anything: it is logged
     */
    default void writable(DatagramTransport transport) throws Exception {}

    /**
     * The name of this protocol in log messages. Called once, when the port is opened.
     *
     * @return by default the name of its class, without the package
     */
    default String logPrefix() {
        return getClass().getSimpleName();
    }
}
