package dev.salvo.protocol;

import java.util.ArrayDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The threads for what would block the loop. None is made before there is something to do. */
final class ThreadPool {

    /** As many as Twisted's has. */
    private static final int MOST = 10;

    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MOST,
            MOST,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("salvo-worker-", 1).factory());
    /** What came before the loop ran. */
    private final ArrayDeque<Runnable> early = new ArrayDeque<>();

    private final Consumer<Call> caller;
    private boolean started;
    private boolean stopped;

    /** {@code caller} lets nothing out that a call throws. */
    ThreadPool(Consumer<Call> caller) {
        this.caller = caller;
        threads.allowCoreThreadTimeOut(true);
    }

    /** Any thread. */
    synchronized void add(Call call) {
        if (stopped) {
            return;
        }
        Runnable task = () -> caller.accept(call);
        if (started) {
            threads.execute(task);
        } else {
            early.add(task);
        }
    }

    synchronized void start() {
        started = true;
        early.forEach(threads::execute);
        early.clear();
    }

    /** Begins nothing more; what has begun goes on, and nobody waits for it. */
    synchronized void stop() {
        stopped = true;
        early.clear();
        threads.getQueue().clear();
        threads.shutdown();
    }
}
