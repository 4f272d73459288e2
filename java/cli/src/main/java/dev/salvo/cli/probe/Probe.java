package dev.salvo.cli.probe;

import dev.salvo.linux.SyscallException;
import java.util.List;

/**
 * A kernel feature to try.
 *
 * @param name the kernel's name for it
 * @param attempt tries it
 * @param overLoopback whether the attempt sends datagrams over loopback
 */
record Probe(String name, Attempt attempt, boolean overLoopback) {

    /** Tries the feature. */
    interface Attempt {
        Feature on(String name) throws SyscallException;
    }

    static final List<Probe> ALL = List.of(
            overLoopback("UDP_GRO", CoalescingProbes::gro),
            overLoopback("UDP_SEGMENT", CoalescingProbes::segment),
            overLoopback("IP_RECVERR", NoticeProbes::errorQueue),
            overLoopback("SO_TIMESTAMPNS", NoticeProbes::timestamps),
            overLoopback("SO_RXQ_OVFL", NoticeProbes::dropsWithDatagrams),
            overLoopback("SO_MEMINFO", NoticeProbes::dropsOnRequest),
            new Probe("SO_RCVBUF", BufferProbes::receive),
            new Probe("SO_RCVBUFFORCE", BufferProbes::receiveForced),
            new Probe("SO_SNDBUF", BufferProbes::send),
            new Probe("SO_SNDBUFFORCE", BufferProbes::sendForced),
            new Probe("epoll_pwait2", SystemProbes::epollPwait2),
            overLoopback("IPv6", SystemProbes::ipv6));

    Probe(String name, Attempt attempt) {
        this(name, attempt, false);
    }

    private static Probe overLoopback(String name, Attempt attempt) {
        return new Probe(name, attempt, true);
    }

    Feature run() {
        try {
            return attempt.on(name);
        } catch (SyscallException e) {
            return Feature.refused(name, e);
        }
    }
}
