package dev.salvo.protocol.internal.port;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Completes when a port is closed. The loop's own thread can't wait for it, since it is what closes the port. */
final class Stopping extends CompletableFuture<Void> {

    private final PortHost host;

    Stopping(PortHost host) {
        this.host = host;
    }

    @Override
    public Void get() throws InterruptedException, ExecutionException {
        requireNotOwner();
        return super.get();
    }

    @Override
    public Void get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        requireNotOwner();
        return super.get(timeout, unit);
    }

    @Override
    public Void join() {
        requireNotOwner();
        return super.join();
    }

    private void requireNotOwner() {
        if (!isDone() && host.isOwner()) {
            throw new IllegalStateException(
                    "the port is closed in the next turn of the loop, which waiting on its thread would hold up for "
                            + "ever: use thenRun");
        }
    }
}
