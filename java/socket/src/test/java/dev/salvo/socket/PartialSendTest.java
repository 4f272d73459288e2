package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Trap 2: a short count of sendmmsg is not EAGAIN. The first message not sent has an error of its own, or met the
 * pending error of another. The rest is sent at once, and each datagram is sent once.
 */
@OnLoopback
record PartialSendTest(Loopback loopback) {

    private SendFailure tooLong(Pair pair) {
        return new SendFailure(pair.to, 65_535, Errno.EMSGSIZE);
    }

    @Test
    void anOversizedDatagramInTheMiddleFailsAlone() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("a", "b", "cc").add(1, 65_535).add("d", "e", "ff");
            assertEquals(7, pair.send());
            assertEquals(0, pair.out.stoppedBy());
            assertEquals(0, pair.out.pendingDatagrams());
            assertEquals(0, pair.out.pendingBytes());
            assertEquals(List.of(tooLong(pair)), pair.out.failures());
            assertEquals(List.of("a", "b", "cc", "d", "e", "ff"), Traffic.texts(pair.receive(6)));
        }
    }

    @Test
    void manyOversizedDatagramsFailAlone() throws SyscallException {
        try (var pair = new Pair(loopback);
                var large = SendBatch.open(4 * 1024 * 1024)) {
            large.coalescing(false);
            var expected = new ArrayList<String>();
            var failures = new ArrayList<SendFailure>();
            for (int i = 0; i < 40; i++) {
                if (i % 3 == 0) {
                    Traffic.add(large, Traffic.bytes(65_535), pair.to);
                    failures.add(tooLong(pair));
                } else {
                    Traffic.add(large, pair.to, "number " + i);
                    expected.add("number " + i);
                }
            }
            assertEquals(40, pair.sender.send(large));
            assertEquals(failures, large.failures());
            assertEquals(expected, Traffic.texts(pair.receive(expected.size())));
        }
    }

    @Test
    void oversizedDatagramsAtBothEndsFailAlone() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add(1, 65_535).add("a").add(1, 65_535);
            assertEquals(3, pair.send());
            assertEquals(List.of(tooLong(pair), tooLong(pair)), pair.out.failures());
            assertEquals(List.of("a"), Traffic.texts(pair.receive(1)));
        }
    }
}
