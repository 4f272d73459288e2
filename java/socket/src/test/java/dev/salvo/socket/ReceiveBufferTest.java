package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.OptionCase;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Trap 22: the granted size of a receive buffer, and the time at which its drops are reported. */
@OnLoopback
record ReceiveBufferTest(Loopback loopback) {

    @Test
    void theSizeIsClampedUnlessForcedWithACapability() throws IOException {
        // Not readString: it reads one byte first, and the kernel returns the number only in one whole read.
        var limit = Integer.parseInt(Files.readAllLines(Path.of("/proc/sys/net/core/rmem_max")).getFirst());
        try (var socket = loopback.bound()) {
            socket.set(SocketLevelOptions.RCVBUF, limit + 4_096);
            assertEquals(2 * limit, socket.get(SocketLevelOptions.RCVBUF));
            var forced = new OptionCase(SocketLevelOptions.RCVBUFFORCE, socket.family(), "exceeds it", s -> {
                s.set(SocketLevelOptions.RCVBUFFORCE, limit + 4_096);
                assertEquals(2 * (limit + 4_096), s.get(SocketLevelOptions.RCVBUF));
            });
            forced.needing(OptionCase.NET_ADMIN).check().on(socket);
        }
    }

    /** SO_RXQ_OVFL comes with datagrams queued after the drops, and so with the first datagram that fits again. */
    @Test
    void dropsShowInMeminfoAtOnceAndInRxqOvflWithTheNextDatagram() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(SocketLevelOptions.RCVBUF, 0);
            pair.receiver.set(SocketLevelOptions.RXQ_OVFL, true);
            pair.out.coalescing(false);
            assertEquals(200, pair.add(200, 1).send());
            var drops = pair.receiver.get(SocketLevelOptions.MEMINFO).drops();
            assertTrue(drops > 100 && drops < 200, drops + " of 200 were dropped");

            assertEquals(List.of(), reportedDrops(pair, (int) (200 - drops)));
            assertEquals(1, pair.add("after").send());
            assertEquals(List.of(drops), reportedDrops(pair, 1));
        }
    }

    private static List<Long> reportedDrops(Pair pair, int datagrams) throws SyscallException {
        var reportedDrops = new ArrayList<Long>();
        for (int i = 0; i < datagrams; i++) {
            assertEquals(1, pair.receiver.receive(pair.in, 1));
            assertTrue(pair.in.next() != null);
            var control = pair.in.control();
            while (control.next()) {
                if (control.is(SocketLevelOptions.RXQ_OVFL.level(), SocketLevelOptions.RXQ_OVFL.number())) {
                    reportedDrops.add(Integer.toUnsignedLong(control.getInt(0)));
                }
            }
        }
        return reportedDrops;
    }
}
