package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;

/** Options of level SOL_UDP: udp(7). */
public final class UdpOptions {

    /** Coalesced datagrams are delivered whole, with their segment size as a control message. */
    public static final SockOpt<Boolean> GRO = SockOpt.ofBoolean("UDP_GRO", Linux.SOL_UDP(), Linux.UDP_GRO());

    /** Leave it 0: any other value splits plain sends silently. Batches set it for each message instead. */
    public static final SockOpt<Integer> SEGMENT = SockOpt.ofInt("UDP_SEGMENT", Linux.SOL_UDP(), Linux.UDP_SEGMENT());

    private UdpOptions() {}
}
