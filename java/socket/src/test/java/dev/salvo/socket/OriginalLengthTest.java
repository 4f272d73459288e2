package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.Needs;
import dev.salvo.testing.OnLoopback;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The length of a datagram before its slot or the maximum packet size truncated it, alone or coalesced. */
@OnLoopback
record OriginalLengthTest(Loopback loopback) {

    private static List<Integer> originals(List<Datagram> datagrams) {
        return datagrams.stream().map(Datagram::originalLength).toList();
    }

    @Test
    void aDatagramLongerThanItsSlotReportsItsLength() throws SyscallException {
        try (var pair = new Pair(loopback);
                var small = ReceiveBatch.open(4, 10)) {
            pair.out.coalescing(false);
            pair.add(1, 100).add("0123456789", "short", "").send();
            var received = Traffic.receive(pair.receiver, small, 4);
            assertEquals(List.of(10, 10, 5, 0), Traffic.lengths(received));
            assertEquals(List.of(100, 10, 5, 0), originals(received));
        }
    }

    @Test
    void datagramsOverTheMaxPacketSizeReportTheirLength() throws SyscallException {
        Needs.joiningOnLoopback();
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            pair.in.maxPacketSize(60);
            pair.add(2, 100).add(1, 50).send();
            var received = pair.receive(3);
            assertEquals(1, pair.receiver.statistics().messagesReceived());
            assertEquals(List.of(60, 60, 50), Traffic.lengths(received));
            assertEquals(List.of(100, 100, 50), originals(received));
        }
    }

    @Test
    void aMessageTruncatedInTheMiddleReportsEveryLength() throws SyscallException {
        Needs.joiningOnLoopback();
        try (var pair = new Pair(loopback);
                var small = ReceiveBatch.open(4, 350)) {
            pair.receiver.set(UdpOptions.GRO, true);
            pair.add(9, 100).add(1, 50).send();
            var received = Traffic.receive(pair.receiver, small, 4);
            assertEquals(List.of(100, 100, 100, 50), Traffic.lengths(received));
            assertEquals(List.of(100, 100, 100, 100), originals(received));
        }
    }

    /** The last datagram of a coalesced message is shorter than the others, and is the one that is truncated. */
    @Test
    void aMessageTruncatedInItsLastDatagramReportsEveryLength() throws SyscallException {
        Needs.joiningOnLoopback();
        try (var pair = new Pair(loopback);
                var small = ReceiveBatch.open(4, 220)) {
            pair.receiver.set(UdpOptions.GRO, true);
            pair.add(2, 100).add(1, 50).send();
            var received = Traffic.receive(pair.receiver, small, 3);
            assertEquals(List.of(100, 100, 20), Traffic.lengths(received));
            assertEquals(List.of(100, 100, 50), originals(received));
            assertEquals(List.of(false, false, true), received.stream().map(Datagram::truncated).toList());
        }
    }
}
