package dev.salvo.cli.probe;

import dev.salvo.linux.SyscallException;
import java.util.List;

/** A kernel feature to try, with the kernel's name for it. */
record Probe(String name, Attempt attempt) {

    /** Tries the feature. */
    interface Attempt {
        Feature on(String name) throws SyscallException;
    }

    static final List<Probe> ALL = List.of(
            new Probe("UDP_GRO", CoalescingProbes::gro),
            new Probe("UDP_SEGMENT", CoalescingProbes::segment),
            new Probe("IP_RECVERR", NoticeProbes::errorQueue),
            new Probe("SO_TIMESTAMPNS", NoticeProbes::timestamps),
            new Probe("SO_RXQ_OVFL", NoticeProbes::dropsWithDatagrams),
            new Probe("SO_MEMINFO", NoticeProbes::dropsOnRequest),
            new Probe("SO_RCVBUF", BufferProbes::receive),
            new Probe("SO_RCVBUFFORCE", BufferProbes::receiveForced),
            new Probe("SO_SNDBUF", BufferProbes::send),
            new Probe("SO_SNDBUFFORCE", BufferProbes::sendForced),
            new Probe("epoll_pwait2", SystemProbes::epollPwait2),
            new Probe("IPv6", SystemProbes::ipv6));

    Feature run() {
        try {
            return attempt.on(name);
        } catch (SyscallException e) {
            return Feature.refused(name, e);
        }
    }
}
