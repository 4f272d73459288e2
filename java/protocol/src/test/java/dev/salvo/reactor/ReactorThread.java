package dev.salvo.reactor;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Loopback;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A reactor that runs on a thread of its own, and is stopped and joined at the end of the test. */
public final class ReactorThread implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final CompletableFuture<Reactor> opened = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("reactor").unstarted(this::live);

    private ReactorThread() {}

    public static ReactorThread start() {
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

    public Reactor reactor() throws Exception {
        return await(opened);
    }

    public Thread thread() {
        return thread;
    }

    /** Runs a task on the reactor's thread, and returns its result or throws its exception. */
    public <T extends @Nullable Object> T call(Callable<T> task) throws Exception {
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

    public DatagramTransport listen(Loopback family, DatagramProtocol protocol) throws Exception {
        return call(() -> reactor().listenUdp(0, protocol, family.options()));
    }

    /** Waits until the loop has ended, and throws the exception of run if there was one. */
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

    /** Does not use {@link #await}: javac warns of a close that throws InterruptedException. */
    @Override
    public void close() {
        opened.join().stop();
        ended.copy().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
}
