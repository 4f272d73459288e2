package dev.salvo.protocol;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A reactor that runs on a thread of its own, and is stopped and joined at the end of the test. */
final class ReactorThread implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final CompletableFuture<Reactor> opened = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("reactor").unstarted(this::live);

    private ReactorThread() {}

    static ReactorThread start() {
        var running = new ReactorThread();
        running.thread.start();
        return running;
    }

    private void live() {
        try (var reactor = Reactor.open()) {
            opened.complete(reactor);
            reactor.run();
            ended.complete(null);
        } catch (Throwable t) {
            opened.completeExceptionally(t);
            ended.completeExceptionally(t);
        }
    }

    Reactor reactor() throws Exception {
        return await(opened);
    }

    Thread thread() {
        return thread;
    }

    /** Does something on the reactor's thread, and gives or throws what it gave or threw. */
    <T extends @Nullable Object> T call(Callable<T> task) throws Exception {
        var result = new CompletableFuture<T>();
        reactor().callFromThread(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        return await(result);
    }

    DatagramTransport listen(Loopback family, DatagramProtocol protocol) throws Exception {
        return call(() -> reactor().listenUdp(0, protocol, family.options()));
    }

    /** Waits until the loop has ended: what run threw is thrown here. */
    void join() throws Exception {
        await(ended);
    }

    private static <T extends @Nullable Object> T await(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Not by way of {@link #await}, since a close that throws InterruptedException is a warning. */
    @Override
    public void close() {
        opened.join().stop();
        ended.copy().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
}
