package dev.salvo.protocol;

import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A loop that waits for datagrams, for time to pass and for other threads, and calls protocols.
 *
 * <p>It belongs to the thread that opens it, a platform thread: opening, listening, running and closing are that
 * thread's, and so is every callback. {@link #callFromThread}, {@link #callInThread}, {@link #seconds} and
 * {@link #stop} may be called by any.
 *
 * <p>A turn of the loop: calls from threads, calls that are due, what these wrote is sent, poll, ports that are ready.
 * A port that is ready receives up to 64 messages with one system call, and what its protocol writes meanwhile is sent
 * when they are handled.
 */
public final class Reactor extends UdpReactor implements Clock, NameResolver, AutoCloseable {

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    private final EventLoop loop;
    private final Ports ports;

    private Reactor(ThreadedResolver.Lookup lookup, LongSupplier nanoTime) throws IOException {
        loop = new EventLoop(this, lookup, nanoTime);
        ports = loop.ports;
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
        return open(InetAddress::getAllByName);
    }

    static Reactor open(ThreadedResolver.Lookup lookup) throws IOException {
        return open(lookup, System::nanoTime);
    }

    static Reactor open(ThreadedResolver.Lookup lookup, LongSupplier nanoTime) throws IOException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a reactor blocks in system calls: open it on a platform thread");
        }
        return new Reactor(lookup, nanoTime);
    }

    @Override
    Ports usablePorts() {
        loop.requireOpen();
        return ports;
    }

    @Override
    public double seconds() {
        return loop.timers.seconds();
    }

    @Override
    public DelayedCall callLater(Duration delay, Call call) {
        return loop.timers.callLater(delay, call);
    }

    @Override
    public LoopingCall callEvery(Duration interval, Call call) {
        return loop.timers.callEvery(interval, call);
    }

    @Override
    public List<DelayedCall> getDelayedCalls() {
        return loop.timers.pending();
    }

    /**
     * Has something called on the reactor's thread, in its next turn, or a later one if thousands wait. Any thread may
     * call this; calls of one thread are made in their order. After the reactor has stopped nothing is called.
     *
     * @param call what to call
     */
    public void callFromThread(Call call) {
        loop.threadCalls.add(call);
    }

    /**
     * Has something called on another thread, one of at most ten that are made when they are needed: something that
     * blocks. Any thread may call this. Nothing is called before the reactor runs, nor after it has stopped: what waits
     * then is forgotten, and what is being called is not waited for, nor interrupted; the threads are daemons.
     *
     * @param call what to call; what it throws is logged
     */
    public void callInThread(Call call) {
        loop.threads.add(call);
    }

    /**
     * Has something called at once if the reactor is running, or else when it begins to, in the order of asking.
     *
     * @param call what to call; what it throws is logged
     * @throws IllegalStateException if the reactor has stopped
     */
    public void callWhenRunning(Call call) {
        loop.callWhenRunning(call);
    }

    /**
     * Has something called once the reactor was told to stop, while its ports are still open, in the order of asking.
     * What it throws is logged. A reactor that is closed without having run calls none, nor does one that can't poll.
     *
     * @param hook what to call
     * @throws IllegalStateException if the reactor has stopped
     */
    public void onShutdown(Call hook) {
        onShutdown(() -> {
            hook.run();
            return null;
        });
    }

    /**
     * As {@link #onShutdown(Call)}, for what takes its time: the loop goes on until the stages of all hooks are
     * complete, and closes the ports then. A second {@link #stop} does not cut that short, so a stage had better have a
     * time limit.
     *
     * @param hook what to call; it may return null, or a stage, which any thread may complete
     * @throws IllegalStateException if the reactor has stopped
     */
    public void onShutdown(Callable<? extends @Nullable CompletionStage<?>> hook) {
        loop.requireOpen();
        loop.hooks.onShutdown(hook);
    }

    @Override
    public CompletionStage<InetAddress> resolve(String name, Duration timeout) {
        loop.requireOpen();
        return loop.resolver.resolve(name, timeout);
    }

    @Override
    public CompletionStage<List<InetAddress>> resolveAll(String name, Duration timeout) {
        loop.requireOpen();
        return loop.resolver.resolveAll(name, timeout);
    }

    /**
     * Polls without waiting, again and again for up to so long, before a loop that has nothing to do sleeps. What comes
     * meanwhile is served without the time that it takes to wake a thread. A timer that is due ends it, and so does a
     * call from another thread, or {@link #stop}.
     *
     * <p>It pays where one request is answered at a time, and the next comes soon. It does not where datagrams keep
     * coming with pauses shorter than this, since the thread then never sleeps and takes a whole CPU, or where peers
     * need the same CPU.
     *
     * <p>The kernel's busy polling is another thing ({@link dev.salvo.socket.option.SocketOptions#BUSY_POLL},
     * socket(7)): it asks the receive queue of a network device's driver, and does nothing on loopback, which has none.
     *
     * @param longest 0 to 1 second; 0, as it is at first, for none. In force from the next poll on
     * @throws IllegalArgumentException if it is out of range
     * @throws IllegalStateException if the reactor has stopped
     */
    public void busyPoll(Duration longest) {
        loop.requireOpen();
        loop.idleWait.busyPoll(longest);
    }

    /**
     * Has a loop that had to wait for events wait so much longer before it serves them, so that sparse datagrams are
     * received and answered many at a time. Datagrams that are there when the loop asks are served at once: a busy loop
     * never waits, and one that has gathered waits again only when nothing is left.
     *
     * <p>It pays where several datagrams come within this time, one by one, and CPU matters more than delay. It does
     * not where a peer waits for each answer. Every datagram that the loop had to wait for is delayed by so much and,
     * unless the thread has a real-time policy, up to 50 microseconds more (PR_SET_TIMERSLACK of prctl(2)). So may a
     * call from another thread be, {@link #stop}, and a timer that becomes due meanwhile. What comes meanwhile has to
     * find room in the receive buffers. A thread that is interrupted does not wait.
     *
     * @param time 0 to 10 milliseconds; 0, as it is at first, for none. In force from the next poll on
     * @throws IllegalArgumentException if it is out of range
     * @throws IllegalStateException if the reactor has stopped
     */
    public void gather(Duration time) {
        loop.requireOpen();
        loop.idleWait.gather(time);
    }

    /**
     * Runs the loop until {@link #stop}, and what {@link #onShutdown} asked for. Then every port is closed: what was
     * written is sent, stopProtocol is called.
     *
     * @throws IllegalStateException if it is running, or has run
     * @throws IOException if polling fails, which it does not in the ordinary course
     */
    public void run() throws IOException {
        loop.run();
    }

    /**
     * Ends {@link #run} after the turn of the loop that is under way, or the next if none is; of what the ports have
     * received, a turn's share is served in it. What {@link #onShutdown} asked for comes first. Any thread may call
     * this; a second call does nothing.
     */
    public void stop() {
        loop.stop();
    }

    /**
     * Closes every port and gives everything back. A second call does nothing.
     *
     * @throws IllegalStateException while the reactor is running
     */
    @Override
    public void close() {
        loop.close();
    }

    void requireOwner() {
        loop.requireOwner();
    }

    /** What a peer, the network or a program's mistake can bring about any number of times. Any thread. */
    void log(String what, Throwable t) {
        loop.log.error(what, t);
    }

    /** What happens a few times in a reactor's life. */
    void logAlways(String what, Throwable t) {
        LOG.log(Logger.Level.ERROR, what, t);
    }

    Ports ports() {
        return ports;
    }
}
