package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketOptions;
import java.net.StandardProtocolFamily;
import java.util.List;

/**
 * What the kernel can tell of each datagram beside its payload and source, when it is asked to.
 * {@link Datagram#metadata()} has it then.
 */
public enum Metadata {

    /** The address that the datagram was sent to, and the interface that it came in by. */
    LOCAL_ADDRESS,

    /** Its type of service or traffic class: DSCP and ECN. */
    TRAFFIC_CLASS,

    /** Its time to live or hop limit as it arrived. */
    HOP_LIMIT,

    /**
     * When the kernel received it, by the wall clock. A socket that has SO_TIMESTAMP on, which someone else must have
     * set, keeps it, and tells microseconds.
     */
    RECEIVE_TIME,

    /**
     * When the network card received it, by the card's own clock. The kernel accepts this for any socket; only a card
     * that can and that was told to with SIOCSHWTSTAMP, which is for root and which Salvo does not do
     * ({@code hwstamp_ctl} does), has a time to tell. Timestamping flags that are set stay set; of BIND_PHC, which
     * names a clock too, that becomes clock 0: whoever has set it sets it anew.
     */
    HARDWARE_TIME,

    /** How many packets the socket has dropped for want of room in its receive buffer. */
    PACKET_DROPS;

    /** All flags, as they are: the value of {@link SocketOptions#TIMESTAMPING} leaves out some. */
    static final SockOpt<Integer> TIMESTAMPING = SockOpt.ofInt("SO_TIMESTAMPING", Linux.SOL_SOCKET(),
            Linux.SO_TIMESTAMPING());

    /** The time itself, unconverted: networking/timestamping.rst of the kernel's documentation. */
    private static final int HARDWARE_FLAGS = Linux.SOF_TIMESTAMPING_RX_HARDWARE()
            | Linux.SOF_TIMESTAMPING_RAW_HARDWARE();

    /**
     * Has the kernel tell it, from the next datagram that arrives. An IPv6 socket needs the options of both levels: a
     * datagram over IPv4 that it receives carries IPv4's control messages.
     *
     * @param socket of the calling thread
     * @throws SyscallException ENOPROTOOPT if the kernel does not have it; some of its options may be set then
     */
    public void enable(UdpSocket socket) throws SyscallException {
        if (this == RECEIVE_TIME && socket.get(SocketOptions.TIMESTAMP)) {
            return;
        }
        for (var option : options(socket.family())) {
            if (option.type() == Boolean.class) {
                socket.set(asBoolean(option), true);
            } else {
                var flags = socket.get(TIMESTAMPING);
                socket.set(TIMESTAMPING, flags | HARDWARE_FLAGS);
            }
        }
    }

    @SuppressWarnings("unchecked") // Its type is the class of its values.
    private static SockOpt<Boolean> asBoolean(SockOpt<?> option) {
        return (SockOpt<Boolean>) option;
    }

    /**
     * The options that {@link #enable} sets, for those who want to put them back.
     *
     * @param family of the socket
     * @return one row or two
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
            case RECEIVE_TIME -> List.of(SocketOptions.TIMESTAMPNS);
            case HARDWARE_TIME -> List.of(TIMESTAMPING);
            case PACKET_DROPS -> List.of(SocketOptions.RXQ_OVFL);
        };
    }
}
