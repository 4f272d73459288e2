package dev.salvo.protocol.internal.loop;

import dev.salvo.protocol.clock.Call;
import java.util.ArrayDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The threads for calls that would block the loop. No thread is started before there is a call for it. */
final class WorkerThreads {

    /** As many as in Twisted's thread pool. */
    private static final int MOST = 10;

    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MOST, MOST, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("salvo-worker-", 1).factory());
    /** The calls that were added before the loop ran. */
    private final ArrayDeque<Runnable> early = new ArrayDeque<>();

    private final Consumer<Call> caller;
    private boolean started;
    private boolean stopped;

    /** {@code caller} must catch the exceptions of a call. */
    WorkerThreads(Consumer<Call> caller) {
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

    /** Starts no more calls. Those in progress go on, and are not waited for. */
    synchronized void stop() {
        stopped = true;
        early.clear();
        threads.getQueue().clear();
        threads.shutdown();
    }
}
