package dev.salvo.protocol;

import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SyscallException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;

/**
 * Send batches that no port needs at present: ports borrow one from their first write to the end of the flush. Each
 * takes up to 1.4 MiB, and one call may write to ten thousand ports.
 */
final class BatchPool implements AutoCloseable {

    /** So many are lent at a time, beside those of ports that the kernel blocks; and so many are kept. */
    private static final int MOST = 64;

    private final ArrayDeque<SendBatch> idle = new ArrayDeque<>();
    /** Sends what was written so far, so that batches come back. */
    private final Runnable sender;
    private final ReceiveBatch received;

    private int lent;
    private int mostLent = MOST;

    /** @param received what ports answer before they receive again */
    BatchPool(Runnable sender, ReceiveBatch received) {
        this.received = received;
        this.sender = sender;
    }

    SendBatch borrow(boolean coalescing, int maxSegments) {
        if (lent >= mostLent) {
            sender.run();
            // What is still lent is blocked, and of no use to try again at each write.
            mostLent = lent + MOST;
        }
        var batch = idle.poll();
        if (batch == null) {
            try {
                batch = SendBatch.open();
                batch.borrowFrom(received);
            } catch (SyscallException e) {
                throw new UncheckedIOException("no memory for a send batch", e);
            }
        }
        lent++;
        batch.coalescing(coalescing);
        batch.maxSegments(maxSegments);
        return batch;
    }

    void giveBack(SendBatch batch) {
        if (--lent == 0) {
            mostLent = MOST;
        }
        if (idle.size() == MOST) {
            batch.close();
        } else {
            batch.clear();
            idle.push(batch);
        }
    }

    @Override
    public void close() {
        idle.forEach(SendBatch::close);
        idle.clear();
    }
}
