package dev.salvo.cli.probe;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.SocketLevelOptions;
import java.net.StandardProtocolFamily;

/** Probes what the kernel reports in addition to datagrams: errors, receive times, drops. */
final class NoticeProbes {

    /** A receive buffer for a few datagrams, so that most datagrams of a flood are dropped. */
    private static final int SMALL = 1;

    private static final int FLOOD = 40;

    private static final String NO_DROPS = "of " + FLOOD + " datagrams to a small receive buffer none was dropped";

    private NoticeProbes() {}

    static Feature errorQueue(String name) throws SyscallException {
        try (var loopback = Loopback.open()) {
            loopback.sender.set(IpOptions.RECVERR, true);
            loopback.send(deadPort(), 1, 1, false);
            loopback.awaitError();
            var errno = loopback.sender.get(SocketLevelOptions.ERROR);
            loopback.sender.drainErrors();
            var entries = loopback.sender.statistics().errorQueueEntries();
            var seen = "a datagram to a closed port on loopback caused "
                    + (errno == 0 ? "no error" : Errno.describe(errno)) + "; entries in the error queue: " + entries;
            if (entries > 0) {
                return Feature.works(name, entries, seen);
            }
            return errno == 0 ? Feature.untried(name, "accepted, but " + seen) : Feature.silent(name, seen);
        }
    }

    /** A port that no socket is bound to: its socket has just been closed. */
    private static SockAddr deadPort() throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            socket.bind(SockAddr.of("127.0.0.1", 0));
            return socket.localAddress();
        }
    }

    static Feature timestamps(String name) throws SyscallException {
        try (var loopback = Loopback.open()) {
            loopback.receiver.set(SocketLevelOptions.TIMESTAMPNS, true);
            loopback.send(1, 1, false);
            return loopback.controlMessage(SocketLevelOptions.TIMESTAMPNS) != null
                    ? Feature.works(name, "a datagram came with its receive time")
                    : Feature.silent(name, "accepted, but a datagram came without a receive time");
        }
    }

    static Feature dropsWithDatagrams(String name) throws SyscallException {
        try (var loopback = Loopback.open()) {
            loopback.receiver.set(SocketLevelOptions.RXQ_OVFL, true);
            if (!overflow(loopback)) {
                return Feature.untried(name, "accepted, but " + NO_DROPS);
            }
            // The kernel reports the number of drops so far with the next datagram that it queues.
            loopback.send(1, 1, false);
            var drops = loopback.controlMessage(SocketLevelOptions.RXQ_OVFL);
            return drops != null && drops > 0
                    ? Feature.works(name, drops, "the next datagram reported " + drops + " drops")
                    : Feature.silent(name, "accepted, but the next datagram reported no drops");
        }
    }

    static Feature dropsOnRequest(String name) throws SyscallException {
        try (var loopback = Loopback.open()) {
            var overflown = overflow(loopback);
            var drops = loopback.receiver.statistics().kernelPacketDrops();
            if (drops > 0) {
                return Feature.works(name, drops, "getsockopt reported " + drops + " drops");
            }
            return overflown ? Feature.silent(name, "getsockopt reported no drops") : Feature.untried(name, NO_DROPS);
        }
    }

    /** Sends more than the receive buffer holds. Returns false if all of it arrived all the same. */
    private static boolean overflow(Loopback loopback) throws SyscallException {
        loopback.receiver.set(SocketLevelOptions.RCVBUF, SMALL);
        loopback.send(FLOOD, 1, false);
        return loopback.receive() < FLOOD;
    }
}
