package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Trap 21: port 0 as a destination is EINVAL, and so is a joined message on an egress device that can't segment. A peer
 * that spoofs source port 0 must not switch joining off for others, nor for later sends of the same socket.
 */
@OnLoopback
record PortZeroTest(Loopback loopback) {

    @Test
    void aDatagramToPort0FailsAlone() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("before");
            Traffic.add(pair.out, loopback.address(0), "lost");
            pair.add("after");
            assertEquals(3, pair.send());
            assertEquals(List.of(new SendFailure(loopback.address(0), 4, Errno.EINVAL)), pair.out.failures());
            assertEquals(List.of("before", "after"), Traffic.texts(pair.receive(2)));
        }
    }

    @Test
    void joiningStaysOnAfterADatagramToPort0() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var portZero = loopback.address(0);
            for (int round = 1; round <= 3; round++) {
                pair.add(5, 100);
                Traffic.add(pair.out, portZero, "aaaa", "bbbb", "cccc");
                pair.add(5, 100);
                assertEquals(13, pair.send());
                var failure = new SendFailure(portZero, 4, Errno.EINVAL);
                assertEquals(Collections.nCopies(3, failure), pair.out.failures());
                assertEquals(Collections.nCopies(10, 100), Traffic.lengths(pair.receive(10)));
                // The 10 are one message; the 3 are tried as one message each time, and are split again.
                assertEquals(round, pair.sender.statistics().messagesSent());
                assertEquals(round, pair.sender.statistics().coalescingFallbacks());
                assertEquals(3L * round, pair.sender.statistics().datagramsFailed());
            }
        }
    }
}
