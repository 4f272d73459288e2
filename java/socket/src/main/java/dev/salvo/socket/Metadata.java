package dev.salvo.socket;

import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketOptions;
import java.net.StandardProtocolFamily;
import java.util.List;

/**
 * What the kernel can tell of each datagram beside its payload and source, when it is asked to. A datagram's metadata()
 * has it then.
 */
public enum Metadata {

    /** The address that the datagram was sent to, and the interface that it came in by. */
    LOCAL_ADDRESS,

    /** Its type of service or traffic class: DSCP and ECN. */
    TRAFFIC_CLASS,

    /** Its time to live or hop limit as it arrived. */
    HOP_LIMIT,

    /** When the kernel received it, by the wall clock. */
    RECEIVE_TIME,

    /** How many packets the socket has dropped for want of room in its receive buffer. */
    PACKET_DROPS;

    /**
     * Has the kernel tell it, from the next datagram that arrives. An IPv6 socket needs the options of both levels: a
     * datagram over IPv4 that it receives carries IPv4's control messages.
     *
     * @param socket of the calling thread
     * @throws SyscallException ENOPROTOOPT if the kernel does not have it
     */
    public void enable(UdpSocket socket) throws SyscallException {
        for (var option : options(socket.family() == StandardProtocolFamily.INET6)) {
            socket.set(option, true);
        }
    }

    private List<SockOpt<Boolean>> options(boolean ipv6) {
        return switch (this) {
            case LOCAL_ADDRESS ->
                ipv6 ? List.of(IpOptions.PKTINFO, Ipv6Options.RECVPKTINFO) : List.of(IpOptions.PKTINFO);
            case TRAFFIC_CLASS ->
                ipv6 ? List.of(IpOptions.RECVTOS, Ipv6Options.RECVTCLASS) : List.of(IpOptions.RECVTOS);
            case HOP_LIMIT ->
                ipv6 ? List.of(IpOptions.RECVTTL, Ipv6Options.RECVHOPLIMIT) : List.of(IpOptions.RECVTTL);
            case RECEIVE_TIME -> List.of(SocketOptions.TIMESTAMPNS);
            case PACKET_DROPS -> List.of(SocketOptions.RXQ_OVFL);
        };
    }
}
