package dev.salvo.protocol;

import dev.salvo.protocol.internal.Timers;
import dev.salvo.socket.EpollPoller;
import dev.salvo.socket.EventFd;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SyscallException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A reactor's turns, from the first to the last, and what they serve. */
final class EventLoop implements AutoCloseable {

    /** What gives back what the constructor opened, the last one first. */
    private final ArrayDeque<Runnable> closers = new ArrayDeque<>();

    private final Thread owner = Thread.currentThread();
    private final Reactor reactor;
    private final EpollPoller poller;
    /** Made once, since a turn of the loop makes no objects. */
    private final Consumer<Call> caller = this::call;

    final ThreadCalls threadCalls;
    final ThreadPool threads = new ThreadPool(caller);
    final LimitedLog log;
    final Timers timers;
    final Hooks hooks;
    final IdleWait idleWait;
    final ThreadedResolver resolver;
    final Ports ports;

    private final LoopWatch watch = new LoopWatch();
    private volatile boolean stopped;
    private boolean running;
    private boolean ended;
    private boolean closed;

    EventLoop(Reactor reactor, ThreadedResolver.Lookup lookup, LongSupplier nanoTime) throws SyscallException {
        this.reactor = reactor;
        log = new LimitedLog(nanoTime);
        timers = new Timers(nanoTime, this::requireOwner);
        hooks = new Hooks(reactor);
        resolver = new ThreadedResolver(reactor, lookup);
        try {
            poller = EpollPoller.open();
            closers.push(poller::close);
            idleWait = new IdleWait(poller, nanoTime);
            var wakeUp = EventFd.open();
            closers.push(wakeUp::close);
            var receiveBatch = ReceiveBatch.open();
            closers.push(receiveBatch::close);
            threadCalls = new ThreadCalls(wakeUp);
            poller.add(wakeUp, threadCalls);
            ports = new Ports(reactor, poller, receiveBatch);
        } catch (Throwable t) {
            closers.forEach(Runnable::run);
            throw t;
        }
    }

    /** See {@link Reactor#run}. */
    void run() throws SyscallException {
        requireOpen();
        requireNotRunning("the reactor is running");
        running = true;
        try {
            threads.start();
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
            }
        }
    }

    /** A turn that begins after {@link #stop} still serves what the ports have received by then. */
    private void turn() throws SyscallException {
        threadCalls.take(caller);
        timers.takeDue(caller);
        watch.called();
        ports.flush();
        watch.flushed();
        log.tellIfDue();
        var idle = threadCalls.isEmpty() && !ports.haveWritten() && (!stopped || hooks.areAwaited());
        watch.end();
        var wait = ports.beforePoll(idle ? log.sleep(timers.nanosToNext()) : 0);
        var events = wait == 0 ? poller.await(0) : idleWait.await(wait);
        watch.begin(events);
        for (int i = 0; i < events; i++) {
            // No switch: javac makes one over types an invokedynamic, which costs a start some 10 ms to link.
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
            reactor.log("call", t);
        }
    }

    /** See {@link Reactor#callWhenRunning}. */
    void callWhenRunning(Call call) {
        requireOpen();
        if (running) {
            call(call);
        } else {
            hooks.onStartup(call);
        }
    }

    /** Any thread. */
    void stop() {
        stopped = true;
        threadCalls.wake();
    }

    @Override
    public void close() {
        requireOwner();
        requireNotRunning("the reactor is running: stop it first");
        if (!closed) {
            closed = true;
            end();
            ports.releaseBatches();
            closers.forEach(Runnable::run);
        }
    }

    /** What comes later than this is refused, or nothing. */
    private void end() {
        threads.stop();
        resolver.stop();
        ports.closeAll();
        threadCalls.end();
        log.tell();
    }

    void requireOwner() {
        if (Thread.currentThread() != owner) {
            throw new WrongThreadException("the reactor belongs to " + owner + "; use callFromThread");
        }
    }

    void requireOpen() {
        requireOwner();
        if (closed || ended) {
            throw new IllegalStateException(
                    closed ? "the reactor is closed" : "the reactor has stopped, and runs once");
        }
    }

    private void requireNotRunning(String message) {
        if (running) {
            throw new IllegalStateException(message);
        }
    }
}
