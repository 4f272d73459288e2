package dev.salvo.protocol;

import dev.salvo.socket.EpollPoller;
import dev.salvo.socket.EventFd;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SyscallException;
import java.io.IOException;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * A loop that waits for datagrams, for time to pass and for other threads, and calls protocols.
 *
 * <p>It belongs to the thread that opens it, a platform thread: opening, listening, running and closing are that
 * thread's, and so is every callback. {@link #callFromThread} and {@link #stop} may be called by any.
 *
 * <p>A turn of the loop: calls from threads, calls that are due, what these wrote is sent, poll, ports that are ready.
 * A port that is ready receives up to 64 messages with one system call, and what its protocol writes meanwhile is sent
 * when they are handled.
 */
public final class Reactor extends UdpReactor implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    /** What gives back what the constructor opened, the last one first. */
    private final ArrayDeque<Runnable> closers = new ArrayDeque<>();

    private final EpollPoller poller;
    private final ThreadCalls threadCalls;
    private final Timers timers = new Timers(System::nanoTime);
    private final Ports ports;
    /** Made once, since a turn of the loop makes no objects. */
    private final Consumer<Call> caller = this::call;

    private volatile boolean stopped;
    private boolean running;
    private boolean ended;
    private boolean closed;

    private Reactor() throws SyscallException {
        try {
            poller = EpollPoller.open();
            closers.push(poller::close);
            var wakeUp = EventFd.open();
            closers.push(wakeUp::close);
            var receiveBatch = ReceiveBatch.open();
            closers.push(receiveBatch::close);
            threadCalls = new ThreadCalls(wakeUp);
            poller.add(wakeUp, threadCalls);
            ports = new Ports(this, poller, receiveBatch);
        } catch (Throwable t) {
            closers.forEach(Runnable::run);
            throw t;
        }
    }

    /**
     * Opens a reactor for the calling thread.
     *
     * @return a reactor that listens to nothing
     * @throws IllegalStateException on a virtual thread: the loop blocks in system calls, and would hold its carrier
     *     for ever
     * @throws UnsupportedOperationException if this machine or this JVM can't; the message says what to do
     * @throws IOException if the process has too many descriptors
     */
    public static Reactor open() throws IOException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a reactor blocks in system calls: open it on a platform thread");
        }
        return new Reactor();
    }

    /**
     * Has something called later, on the reactor's thread.
     *
     * @param delay from now on, by a monotonic clock; zero for the next turn of the loop
     * @param call what to call
     * @return a handle to cancel it
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public DelayedCall callLater(Duration delay, Call call) {
        requireOwner();
        if (delay.isNegative()) {
            throw new IllegalArgumentException("negative delay: " + delay);
        }
        // toNanos overflows after 292 years, and no program waits as long.
        return timers.add(delay.toDays() > 36_500 ? Long.MAX_VALUE : delay.toNanos(), call);
    }

    /**
     * Has something called on the reactor's thread, in its next turn, or a later one if thousands wait. Any thread may
     * call this; calls of one thread are made in their order. After the reactor has stopped nothing is called.
     *
     * @param call what to call
     */
    public void callFromThread(Call call) {
        threadCalls.add(call);
    }

    /**
     * Runs the loop until {@link #stop}. Then every port is closed: what was written is sent, stopProtocol is called.
     *
     * @throws IllegalStateException if it is running, or has run
     * @throws IOException if polling fails, which it does not in the ordinary course
     */
    public void run() throws IOException {
        requireOwner();
        requireOpen();
        if (running) {
            throw new IllegalStateException("the reactor is running");
        }
        running = true;
        try {
            do {
                turn();
            } while (!stopped);
        } finally {
            ended = true;
            try {
                ports.closeAll();
            } finally {
                running = false;
            }
        }
    }

    /** A turn that begins after {@link #stop} still serves what the ports have received by then. */
    private void turn() throws SyscallException {
        threadCalls.take(caller);
        timers.takeDue(caller);
        ports.flush();
        var idle = threadCalls.isEmpty() && !ports.haveWritten() && !stopped;
        var events = poller.await(idle ? timers.nanosToNext() : 0);
        for (int i = 0; i < events; i++) {
            switch (poller.attachment(i)) {
                case UdpPort port -> port.ready(poller.readiness(i));
                case ThreadCalls calls -> calls.taken();
                case null, default -> {
                }
            }
        }
    }

    private void call(Call call) {
        try {
            call.run();
        } catch (Throwable t) {
            log("call", t);
        }
    }

    /**
     * Ends {@link #run} after the turn of the loop that is under way, or the next if none is; of what the ports have
     * received, a turn's share is served in it. Any thread may call this; a second call does nothing.
     */
    public void stop() {
        stopped = true;
        threadCalls.wake();
    }

    /**
     * Closes every port and gives everything back. A second call does nothing.
     *
     * @throws IllegalStateException while the reactor is running
     */
    @Override
    public void close() {
        requireOwner();
        if (running) {
            throw new IllegalStateException("the reactor is running: stop it first");
        }
        if (!closed) {
            closed = true;
            ports.closeAll();
            ports.releaseBatches();
            closers.forEach(Runnable::run);
        }
    }

    void requireOwner() {
        timers.requireOwner();
    }

    private void requireOpen() {
        if (closed || ended) {
            throw new IllegalStateException(
                    closed ? "the reactor is closed" : "the reactor has stopped, and runs once");
        }
    }

    void log(String what, Throwable t) {
        LOG.log(Logger.Level.ERROR, what, t);
    }

    @Override
    Ports usablePorts() {
        requireOwner();
        requireOpen();
        return ports;
    }

    Ports ports() {
        return ports;
    }
}
