package dev.salvo.cli.probe;

import dev.salvo.socket.SyscallException;
import dev.salvo.socket.option.UdpOptions;

/** Many datagrams in one message, each way. */
final class CoalescingProbes {

    /** Far above UDP_MAX_SEGMENTS of any kernel so far: 64, later 128. */
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
                return Feature.silent(name, "accepted; without UDP_SEGMENT there is nothing to try it with");
            }
            return datagrams == 4 && messages == 1
                    ? Feature.works(name, "4 datagrams, sent as one message, arrived as one")
                    : Feature.silent(name, "of 4 datagrams " + datagrams + " arrived, in messages: " + messages);
        }
    }

    /**
     * The option on the socket makes the kernel split plain datagrams, here into single bytes: so their length is the
     * number of segments, beyond what a batch joins.
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
                return Feature.silent(name, "2 segments arrived as " + datagrams);
            }
            var most = mostSegments(loopback);
            return Feature.works(name, most,
                    "up to " + most + " datagrams in a message; batches join 64 unless told otherwise");
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
