package dev.salvo.protocol.internal.loop;

import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.DelayedCall;
import dev.salvo.protocol.internal.port.PortHost;
import dev.salvo.protocol.internal.port.Ports;
import dev.salvo.protocol.internal.port.UdpPort;
import dev.salvo.protocol.internal.record.LimitedLog;
import dev.salvo.protocol.internal.timer.Timers;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.poll.EpollPoller;
import dev.salvo.socket.poll.EventFd;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The event loop of one thread: it polls, and serves ports, timers, and calls from other threads. The contracts of its
 * public methods are those of {@code Reactor}.
 */
public final class EventLoop implements PortHost, AutoCloseable {

    /** How long the JVM's exit waits for the loop. */
    private static final int EXIT_SECONDS = 10;

    /** Close what the constructor opened, in reverse order. */
    private final ArrayDeque<Runnable> closers = new ArrayDeque<>();

    private final Thread owner = Thread.currentThread();
    /** Allocated once, since a turn of the loop allocates nothing. */
    private final Consumer<Call> caller = this::call;

    private final LimitedLog log;
    private final Timers timers;
    private final WorkerThreads workers = new WorkerThreads(caller);
    private final ThreadedResolver resolver;
    private final LoopWatch watch = new LoopWatch();
    private final EpollPoller poller;
    private final IdleWait idleWait;
    private final ThreadCalls threadCalls;
    private final LifecycleHooks hooks;
    private final Ports ports;

    private volatile boolean stopped;
    private volatile boolean running;
    /** Counted down when {@link #run} ends. */
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable Thread exitHook;
    private boolean ended;
    private boolean closed;

    private EventLoop(ThreadedResolver.Lookup lookup, LongSupplier nanoTime) throws SyscallException {
        log = new LimitedLog(nanoTime);
        timers = new Timers(nanoTime, this::requireOwner);
        resolver = new ThreadedResolver(this, lookup);
        try {
            poller = EpollPoller.open();
            closers.push(poller::close);
            idleWait = new IdleWait(poller, nanoTime);
            var wakeUp = EventFd.open();
            closers.push(wakeUp::close);
            var receiveBatch = ReceiveBatch.open();
            closers.push(receiveBatch::close);
            threadCalls = new ThreadCalls(wakeUp);
            hooks = new LifecycleHooks(threadCalls);
            poller.add(wakeUp, threadCalls);
            ports = new Ports(this, poller, receiveBatch);
        } catch (Throwable t) {
            closers.forEach(Runnable::run);
            throw t;
        }
    }

    /** Opens a loop for the calling thread, which must be a platform thread. */
    public static EventLoop open() throws IOException {
        return open(InetAddress::getAllByName, System::nanoTime);
    }

    /** Opens a loop with another name lookup and another clock, for tests. */
    public static EventLoop open(ThreadedResolver.Lookup lookup, LongSupplier nanoTime) throws IOException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a reactor blocks in system calls: open it on a platform thread");
        }
        return new EventLoop(lookup, nanoTime);
    }

    /** The ports, for opening one. Throws if the caller is not the loop's thread, or if the loop has ended. */
    public Ports ports() {
        requireOpen();
        return ports;
    }

    public Timers timers() {
        return timers;
    }

    public IdleWait idleWait() {
        requireOpen();
        return idleWait;
    }

    public ThreadedResolver resolver() {
        requireOpen();
        return resolver;
    }

    public void callFromThread(Call call) {
        threadCalls.add(call);
    }

    public void callInThread(Call call) {
        workers.add(call);
    }

    @Override
    public DelayedCall callLater(Duration delay, Call call) {
        return timers.callLater(delay, call);
    }

    @Override
    public void log(String what, Throwable t) {
        log.error(what, t);
    }

    @Override
    public void warn(Supplier<String> sentence) {
        log.warn(sentence);
    }

    public void onShutdown(Callable<? extends @Nullable CompletionStage<?>> hook) {
        requireOpen();
        hooks.onShutdown(hook);
    }

    public void run() throws SyscallException {
        requireOpen();
        requireNotRunning("the reactor is running");
        running = true;
        try {
            workers.start();
            watch.begin(0);
            hooks.callStartup(caller);
            do {
                turn();
            } while (!stopped || hooks.callShutdown());
            watch.end();
        } finally {
            ended = true;
            try {
                end();
            } finally {
                running = false;
                over.countDown();
                forgetExit();
            }
        }
    }

    /** A turn that begins after {@link #stop} still serves what the ports have received by then. */
    private void turn() throws SyscallException {
        threadCalls.take(caller);
        timers.takeDue(caller);
        watch.called();
        ports.endTurn();
        watch.flushed();
        log.tellIfDue();
        var idle = threadCalls.isEmpty() && !ports.haveWritten() && (!stopped || hooks.areAwaited());
        watch.end();
        var events = idle ? idleWait.await(log.sleep(timers.nanosToNext())) : poller.await(0);
        watch.begin(events);
        for (int i = 0; i < events; i++) {
            // Not a switch: javac compiles a switch over types to an invokedynamic, and linking that takes some 10 ms.
            var attachment = poller.attachment(i);
            if (attachment instanceof UdpPort port) {
                port.ready(poller.readiness(i));
                watch.served(port);
            } else if (attachment instanceof ThreadCalls calls) {
                calls.taken();
            }
        }
    }

    private void call(Call call) {
        try {
            call.run();
        } catch (Throwable t) {
            log("a call threw an exception", t);
        }
    }

    public void callWhenRunning(Call call) {
        requireOpen();
        if (running) {
            call(call);
        } else {
            hooks.onStartup(call);
        }
    }

    /** Any thread. */
    public void stop() {
        stopped = true;
        threadCalls.wake();
    }

    /** When the JVM shuts down, stops the loop, and waits for {@link #run} to end. */
    public void stopOnExit() {
        requireOpen();
        if (exitHook == null) {
            exitHook = Thread.ofPlatform().name("salvo-exit").unstarted(() -> {
                stop();
                if (running) {
                    awaitEnd();
                }
            });
            Runtime.getRuntime().addShutdownHook(exitHook);
        }
    }

    private void awaitEnd() {
        try {
            if (!over.await(EXIT_SECONDS, TimeUnit.SECONDS)) {
                LimitedLog.always(Logger.Level.WARNING, "the reactor has not stopped within {0} s of the JVM''s exit",
                        EXIT_SECONDS);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts a shutdown hook.
        }
    }

    private void forgetExit() {
        if (exitHook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(exitHook);
            } catch (IllegalStateException e) {
                // The JVM is shutting down.
            }
        }
    }

    @Override
    public void close() {
        requireOwner();
        requireNotRunning("the reactor is running: stop it first");
        if (!closed) {
            closed = true;
            forgetExit();
            end();
            ports.releaseBatches();
            closers.forEach(Runnable::run);
        }
    }

    /** Releases what the loop served. Later requests are refused or ignored. */
    private void end() {
        workers.stop();
        resolver.stop();
        ports.closeAll();
        threadCalls.end();
        log.tell();
    }

    @Override
    public void requireOwner() {
        if (!isOwner()) {
            throw new WrongThreadException("the reactor belongs to " + owner + "; use callFromThread");
        }
    }

    @Override
    public boolean isOwner() {
        return Thread.currentThread() == owner;
    }

    private void requireOpen() {
        requireOwner();
        if (closed || ended) {
            throw new IllegalStateException(
                    closed ? "the reactor is closed" : "the reactor has stopped and can't run again");
        }
    }

    private void requireNotRunning(String message) {
        if (running) {
            throw new IllegalStateException(message);
        }
    }
}
