package dev.salvo.protocol.internal.port;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;

/**
 * A pool of send batches. A port borrows a batch at its first write, and gives it back at the end of the flush. A batch
 * takes up to 1.8 MB and one call may write to ten thousand ports, so ports do not own batches.
 */
final class BatchPool implements AutoCloseable {

    /** How many batches are lent at a time, not counting those of blocked ports; and how many idle ones are kept. */
    private static final int MOST = 64;

    private final ArrayDeque<SendBatch> idle = new ArrayDeque<>();
    /** Sends what was written so far, so that ports give batches back. */
    private final Runnable sender;
    private final ReceiveBatch received;

    private int lent;
    private int mostLent = MOST;

    /**
     * @param received the batch that ports receive into: a send batch may borrow its payloads until the next receive
     */
    BatchPool(Runnable sender, ReceiveBatch received) {
        this.received = received;
        this.sender = sender;
    }

    SendBatch borrow(boolean coalescing, int maxSegments) {
        if (lent >= mostLent) {
            sender.run();
            // The ports of the batches that are still lent are blocked: trying again at each write would be useless.
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

    /**
     * Called when the kernel accepts no more of a batch, which its port then keeps. Among many blocked ports none may
     * keep more memory than its queue needs. A few may: a batch that is trimmed has to grow again.
     */
    void blocked(SendBatch batch) {
        if (lent > MOST) {
            batch.trimToSize();
        }
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
