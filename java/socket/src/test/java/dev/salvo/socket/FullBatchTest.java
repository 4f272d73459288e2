package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.send.Outbox;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A batch is full when no further message may begin. A message that has begun is filled, so that no flush splits a run.
 */
@Tag("loopback")
class FullBatchTest {

    private static final SockAddr DESTINATION = SockAddr.of("127.0.0.1", 9);
    private static final int CAPACITY = 65_535;

    @Test
    void aMessageThatReachesTheEndIsFilled() throws Exception {
        // 64 fill the first message; the second begins at 64,000, before the end.
        assertEquals(2 * Outbox.MAX_SEGMENTS, fill(1000));
    }

    @Test
    void noMessageBeginsBehindTheEnd() throws Exception {
        // Messages of one datagram, since two of these exceed the limit of a joined message.
        assertEquals(1, fill(40_000));
    }

    private static int fill(int length) throws SyscallException {
        var payload = MemorySegment.ofArray(new byte[length]);
        try (var batch = SendBatch.open(CAPACITY)) {
            int added = 0;
            while (batch.add(payload, 0, length, DESTINATION)) {
                added++;
            }
            assertEquals(added, batch.pendingDatagrams());
            assertEquals((long) added * length, batch.pendingBytes());
            return added;
        }
    }
}
