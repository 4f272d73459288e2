package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SocketLevelOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trap 22: the datagram that is queued after a drop reports the drops, as a sum over the socket's life. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PacketDropsTest {

    /** Fills a small receive buffer, reads the datagrams in it, and returns the number of dropped ones. */
    private static int flood(AskedPair pair) throws SyscallException {
        var room = pair.receiver.get(SocketLevelOptions.RCVBUF);
        pair.receiver.set(SocketLevelOptions.RCVBUF, 0);
        for (int i = 0; i < 50; i++) {
            Traffic.add(pair.out, pair.to, "flood");
        }
        assertEquals(50, pair.sender.send(pair.out));
        int came = 0;
        while (pair.receiver.receive(pair.in) > 0) {
            while (pair.in.next() != null) {
                came++;
            }
        }
        assertTrue(came > 0 && came < 50, came + " of 50 came");
        // The kernel doubles the requested size.
        pair.receiver.set(SocketLevelOptions.RCVBUF, room / 2);
        return 50 - came;
    }

    @ParameterizedTest
    @EnumSource
    void theNextDatagramReportsTheDrops(Over over) throws SyscallException {
        try (var pair = new AskedPair(over, Metadata.PACKET_DROPS)) {
            pair.out.coalescing(false);
            assertFalse(pair.metadata().has(Metadata.PACKET_DROPS));
            var first = flood(pair);
            var metadata = pair.metadata();
            assertEquals(first, metadata.packetDrops());
            assertEquals(first, metadata.newPacketDrops());
            assertEquals(first, pair.receiver.statistics().kernelPacketDrops());

            assertNull(pair.in.next());
            assertEquals(0, pair.metadata().newPacketDrops());

            // The first drops are not counted again in a later difference, however many datagrams were read in between.
            var second = flood(pair);
            metadata = pair.metadata();
            assertEquals(first + second, metadata.packetDrops());
            assertEquals(second, metadata.newPacketDrops());
        }
    }

    /** Otherwise a program that copies some datagrams would miss the drops before them. */
    @Test
    void aCopyDoesNotConsumeTheNewDrops() throws SyscallException {
        try (var pair = new AskedPair(Over.IPV4, Metadata.PACKET_DROPS)) {
            pair.out.coalescing(false);
            var drops = flood(pair);
            var datagram = pair.send("copied").next();
            assertEquals(drops, datagram.copy().metadata().newPacketDrops());
            assertEquals(drops, datagram.copy().metadata().newPacketDrops());
            assertEquals(drops, datagram.metadata().newPacketDrops());
            assertEquals(drops, datagram.copy().metadata().newPacketDrops());
            assertEquals(0, pair.metadata().newPacketDrops());
        }
    }
}
