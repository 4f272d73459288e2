package dev.salvo.cli.probe;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;

/** Probes messages of several datagrams, received and sent. */
final class CoalescingProbes {

    /** Far above UDP_MAX_SEGMENTS of every kernel so far, which is 64 in older kernels and 128 in newer ones. */
    private static final int MOST = 1024;

    private CoalescingProbes() {}

    static Feature gro(String name) throws SyscallException {
        try (var loopback = Loopback.open()) {
            loopback.receiver.set(UdpOptions.GRO, true);
            loopback.send(4, 100, true);
            loopback.awaitDatagrams();
            var datagrams = loopback.receive();
            var messages = loopback.receiver.statistics().messagesReceived();
            if (loopback.sender.statistics().messagesSent() != 1) {
                return Feature.untried(name, "accepted, but it cannot be tried without UDP_SEGMENT");
            }
            // Without NETIF_F_GSO_UDP_L4 loopback segments a joined message before the receiver sees it. Network cards
            // have datagrams of their own to join.
            if (datagrams == 4 && messages == 4) {
                return Feature.untried(name,
                        "accepted, but loopback split the 4 datagrams of a message, as on Linux 5.10"
                                + " and older; datagrams from a network card can be joined");
            }
            return datagrams == 4 && messages == 1
                    ? Feature.works(name, "4 datagrams sent as one message arrived as one message")
                    : Feature.silent(name,
                            "4 datagrams were sent; received: " + datagrams + ", in messages: " + messages);
        }
    }

    /**
     * With the option set on the socket the kernel splits each message into segments, here of one byte. The length of a
     * message is therefore its number of segments, which can exceed the number that a batch joins.
     */
    static Feature segment(String name) throws SyscallException {
        try (var loopback = Loopback.open()) {
            loopback.sender.set(UdpOptions.SEGMENT, 1);
            var errno = loopback.send(1, 2, false);
            loopback.awaitDatagrams();
            var datagrams = loopback.receive();
            if (errno != 0) {
                return Feature.refused(name, "sendmmsg", errno);
            }
            if (datagrams != 2) {
                return Feature.silent(name, "2 segments were sent; datagrams received: " + datagrams);
            }
            var most = mostSegments(loopback);
            return Feature.works(name, most,
                    "up to " + most + " datagrams in a message; by default a batch joins 64");
        }
    }

    private static int mostSegments(Loopback loopback) throws SyscallException {
        int taken = 2;
        int refused = MOST + 1;
        while (refused - taken > 1) {
            var middle = (taken + refused) / 2;
            if (loopback.send(1, middle, false) == 0) {
                taken = middle;
            } else {
                refused = middle;
            }
            loopback.receive();
        }
        return taken;
    }
}
