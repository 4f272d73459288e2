package dev.salvo.protocol;

import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SyscallException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;

/** Send batches that no port needs at present: ports borrow one from their first write to the end of the flush. */
final class BatchPool implements AutoCloseable {

    /** One for the port at work, and some for ports that others write to. */
    private static final int KEPT = 4;

    private final ArrayDeque<SendBatch> idle = new ArrayDeque<>();

    SendBatch borrow(boolean coalescing) {
        var batch = idle.poll();
        if (batch == null) {
            try {
                batch = SendBatch.open();
            } catch (SyscallException e) {
                throw new UncheckedIOException("no memory for a send batch", e);
            }
        }
        batch.coalescing(coalescing);
        return batch;
    }

    void giveBack(SendBatch batch) {
        if (idle.size() == KEPT) {
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
