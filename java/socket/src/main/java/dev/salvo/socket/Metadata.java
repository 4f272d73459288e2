package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.TimestampProbe;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import java.net.StandardProtocolFamily;
import java.util.List;

/**
 * Values that the kernel reports for each received datagram, beside its payload and source, if it is asked to.
 * {@link #enable} asks for a value; {@link Datagram#metadata()} returns it.
 */
public enum Metadata {

    /** The address that the datagram was sent to, and the interface that it arrived on. */
    LOCAL_ADDRESS,

    /** Its type of service or traffic class: DSCP and ECN. */
    TRAFFIC_CLASS,

    /** Its time to live or hop limit as it arrived. */
    HOP_LIMIT,

    /**
     * When the kernel received it, by the wall clock. If somebody else has set SO_TIMESTAMP on the socket,
     * {@link #enable} leaves that on, and the time has a resolution of microseconds.
     */
    RECEIVE_TIME,

    /**
     * When the network card received it, by the card's own clock. The kernel accepts the option for any socket. But a
     * time is reported only if the card supports this and if it was switched on with SIOCSHWTSTAMP. That needs root,
     * and Salvo does not do it; {@code hwstamp_ctl} does.
     *
     * <p>
     * {@link #enable} keeps the timestamping flags that are already set. If BIND_PHC, which also names a clock, is
     * among them, its clock becomes 0: the program that set it must set it again.
     */
    HARDWARE_TIME,

    /** How many packets the socket has dropped, most of them because its receive buffer was full. */
    PACKET_DROPS;

    /** The card's time as it is, not converted: networking/timestamping.rst of the kernel's documentation. */
    private static final int HARDWARE_FLAGS = Linux.SOF_TIMESTAMPING_RX_HARDWARE()
            | Linux.SOF_TIMESTAMPING_RAW_HARDWARE();

    /**
     * Asks the kernel to report this value for each datagram that arrives from now on.
     *
     * <p>
     * Datagrams that are already queued are reported with it, too, but the kernel may not have kept the value for them.
     * RECEIVE_TIME may be the time at which the datagram is read. Over IPv4, the interface may be missing, and the
     * {@linkplain DatagramMetadata#answerAddress answer address} may be 0.0.0.0. PACKET_DROPS is missing.
     *
     * <p>
     * On an IPv6 socket, LOCAL_ADDRESS, TRAFFIC_CLASS and HOP_LIMIT set the options of both levels, because a datagram
     * that arrives over IPv4 has the control messages of IPv4. The two times and PACKET_DROPS have one option for both
     * families.
     *
     * @param socket a socket of the calling thread
     * @throws SyscallException ENOPROTOOPT if the kernel does not support it; some of its options may have been set by
     *     then
     */
    public void enable(UdpSocket socket) throws SyscallException {
        if (this == RECEIVE_TIME && socket.get(SocketLevelOptions.TIMESTAMP)) {
            return;
        }
        for (var option : options(socket.family())) {
            if (option.type() == Boolean.class) {
                socket.set(asBoolean(option), true);
            } else {
                var flags = socket.get(TimestampProbe.FLAGS);
                socket.set(TimestampProbe.FLAGS, flags | HARDWARE_FLAGS);
            }
        }
    }

    @SuppressWarnings("unchecked") // The type of a row is the class of its values.
    private static SockOpt<Boolean> asBoolean(SockOpt<?> option) {
        return (SockOpt<Boolean>) option;
    }

    /**
     * The options that {@link #enable} sets, for programs that want to restore them.
     *
     * @param family the family of the socket
     * @return one or two rows
     */
    public List<SockOpt<?>> options(StandardProtocolFamily family) {
        var ipv6 = family == StandardProtocolFamily.INET6;
        return switch (this) {
            case LOCAL_ADDRESS ->
                ipv6 ? List.of(IpOptions.PKTINFO, Ipv6Options.RECVPKTINFO) : List.of(IpOptions.PKTINFO);
            case TRAFFIC_CLASS ->
                ipv6 ? List.of(IpOptions.RECVTOS, Ipv6Options.RECVTCLASS) : List.of(IpOptions.RECVTOS);
            case HOP_LIMIT ->
                ipv6 ? List.of(IpOptions.RECVTTL, Ipv6Options.RECVHOPLIMIT) : List.of(IpOptions.RECVTTL);
            case RECEIVE_TIME -> List.of(SocketLevelOptions.TIMESTAMPNS);
            case HARDWARE_TIME -> List.of(TimestampProbe.FLAGS);
            case PACKET_DROPS -> List.of(SocketLevelOptions.RXQ_OVFL);
        };
    }
}
