package dev.salvo.cli.probe;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.SocketOptions;
import java.net.StandardProtocolFamily;

/** What the kernel tells beside the datagrams: errors, times, drops. */
final class NoticeProbes {

    /** Room for a few datagrams, so that most of these are dropped. */
    private static final int SMALL = 1;

    private static final int FLOOD = 40;

    private NoticeProbes() {}

    static Feature errorQueue(String name) throws SyscallException {
        try (var loopback = Loopback.open()) {
            loopback.sender.set(IpOptions.RECVERR, true);
            loopback.send(deadPort(), 1, 1, false);
            loopback.awaitError();
            var errno = loopback.sender.get(SocketOptions.ERROR);
            loopback.sender.drainErrors();
            var entries = loopback.sender.statistics().errorQueueEntries();
            var seen = "a write to a dead port of loopback brought "
                    + (errno == 0 ? "no error" : Errno.describe(errno)) + ", error queue entries: " + entries;
            return entries > 0 ? Feature.works(name, entries, seen) : Feature.silent(name, seen);
        }
    }

    /** A port that was somebody's a moment ago. */
    private static SockAddr deadPort() throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            socket.bind(SockAddr.of("127.0.0.1", 0));
            return socket.localAddress();
        }
    }

    static Feature timestamps(String name) throws SyscallException {
        try (var loopback = Loopback.open()) {
            loopback.receiver.set(SocketOptions.TIMESTAMPNS, true);
            loopback.send(1, 1, false);
            return loopback.controlMessage(SocketOptions.TIMESTAMPNS) != null
                    ? Feature.works(name, "the time of receipt came with a datagram")
                    : Feature.silent(name, "accepted, and no time came with a datagram");
        }
    }

    static Feature dropsWithDatagrams(String name) throws SyscallException {
        try (var loopback = Loopback.open()) {
            loopback.receiver.set(SocketOptions.RXQ_OVFL, true);
            overflow(loopback);
            // The number so far comes with the next datagram that is queued.
            loopback.send(1, 1, false);
            var drops = loopback.controlMessage(SocketOptions.RXQ_OVFL);
            return drops != null && drops > 0
                    ? Feature.works(name, drops, drops + " drops were told with the next datagram")
                    : Feature.silent(name, "accepted, and no drops were told");
        }
    }

    static Feature dropsOnRequest(String name) throws SyscallException {
        try (var loopback = Loopback.open()) {
            overflow(loopback);
            var drops = loopback.receiver.statistics().kernelPacketDrops();
            return drops > 0
                    ? Feature.works(name, drops, drops + " drops were told when asked for")
                    : Feature.silent(name, "no drops were told");
        }
    }

    private static void overflow(Loopback loopback) throws SyscallException {
        loopback.receiver.set(SocketOptions.RCVBUF, SMALL);
        loopback.send(FLOOD, 1, false);
        loopback.receive();
    }
}
