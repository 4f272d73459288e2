package dev.salvo.reactor;

import dev.salvo.protocol.CannotListenException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.InvalidAddressException;
import dev.salvo.protocol.NameResolver;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.UnsupportedAddressFamilyException;
import dev.salvo.protocol.UnsupportedSocketTypeException;
import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.Clock;
import dev.salvo.protocol.clock.DelayedCall;
import dev.salvo.protocol.clock.LoopingCall;
import dev.salvo.protocol.internal.loop.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An event loop on one thread. It waits for datagrams, timers and calls from other threads, and calls protocols.
 *
 * <p>
 * A reactor belongs to the thread that opens it, which must be a platform thread. Its methods must be called on that
 * thread, and it makes every callback there. On another thread they throw {@link WrongThreadException}. Only
 * {@link #callFromThread}, {@link #execute}, {@link #callInThread}, {@link #seconds} and {@link #stop} may be called on
 * any thread.
 *
 * <p>
 * In one turn, the loop makes the calls from other threads, makes the calls that are due, sends what these have
 * written, polls, and serves the ports that are ready. A port that is ready receives up to 64 messages with one system
 * call. What its protocol writes meanwhile is sent when these messages have been handled.
 */
public final class Reactor implements Clock, NameResolver, Executor, AutoCloseable {

    private final EventLoop loop;

    Reactor(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * Opens a reactor for the calling thread.
     *
     * @return a reactor without ports
     * @throws IllegalStateException on a virtual thread: the loop blocks in system calls, and would occupy its carrier
     *     thread for ever
     * @throws UnsupportedOperationException if this machine or this JVM is not supported; the message says what to do
     * @throws IOException if the process has too many open descriptors
     */
    public static Reactor open() throws IOException {
        return new Reactor(EventLoop.open());
    }

    /**
     * Listens on a port, on any IPv4 address, with the default options.
     *
     * @param port 0 to 65535; 0 lets the kernel choose
     * @param protocol the protocol to call
     * @return the port, bound; it receives once the reactor runs
     * @throws CannotListenException as {@link #listenUdp(int, DatagramProtocol, PortOptions)}
     * @throws IllegalArgumentException if {@code port} is out of range
     */
    public DatagramTransport listenUdp(int port, DatagramProtocol protocol) throws CannotListenException {
        return listenUdp(port, protocol, PortOptions.defaults());
    }

    /**
     * Listens on a port. Its socket is non-blocking and closed on exec, as the socket layer sets every socket. The
     * reactor also switches GRO on, unless the options switch coalescing off, and IP_MULTICAST_ALL off, so that the
     * port does not receive groups that other sockets have joined. On {@code ::} it sets IPV6_V6ONLY as
     * {@link PortOptions#withV6Only} says.
     *
     * @param port 0 to 65535; 0 lets the kernel choose
     * @param protocol the protocol to call
     * @param options the options of the port
     * @return the port, bound; it receives once the reactor runs
     * @throws CannotListenException if the port can't be bound, or if startProtocol throws an IOException. The cause is
     *     that exception; for a failed system call it is a SyscallException, which has the errno
     * @throws IllegalStateException if the reactor has stopped, or if startProtocol throws another checked exception.
     *     An unchecked exception of startProtocol is thrown unchanged
     * @throws InvalidAddressException if the interface of the options is not an IPv4 or IPv6 literal
     * @throws IllegalArgumentException if {@code port} is out of range, if the options have both listenMultiple and
     *     sharedPort, or if they have v6Only without an IPv6 interface
     */
    public DatagramTransport listenUdp(int port, DatagramProtocol protocol, PortOptions options)
            throws CannotListenException {
        return loop.ports().listenUdp(port, protocol, options);
    }

    /**
     * Listens on a port for datagrams to groups, which startProtocol joins. Every port can join groups: this is
     * {@link #listenUdp(int, DatagramProtocol)} under Twisted's name.
     *
     * {@snippet file = "dev/salvo/examples/MulticastServer.java" region = "run"}
     *
     * @param port 0 to 65535
     * @param protocol the protocol to call
     * @return as {@link #listenUdp(int, DatagramProtocol)}
     * @throws CannotListenException as {@link #listenUdp(int, DatagramProtocol)}
     */
    public DatagramTransport listenMulticast(int port, DatagramProtocol protocol) throws CannotListenException {
        return listenUdp(port, protocol);
    }

    /**
     * Listens on a port for datagrams to groups, as {@link #listenUdp(int, DatagramProtocol, PortOptions)}.
     * {@link PortOptions#withListenMultiple} lets several sockets share the port.
     *
     * @param port 0 to 65535
     * @param protocol the protocol to call
     * @param options the options of the port
     * @return as {@link #listenUdp(int, DatagramProtocol, PortOptions)}
     * @throws CannotListenException as {@link #listenUdp(int, DatagramProtocol, PortOptions)}
     */
    public DatagramTransport listenMulticast(int port, DatagramProtocol protocol, PortOptions options)
            throws CannotListenException {
        return listenUdp(port, protocol, options);
    }

    /**
     * Makes a port from a UDP socket that another process or library opened, with the default options: see
     * {@link #adoptDatagramPort(int, DatagramProtocol, PortOptions)}.
     *
     * @param descriptor an open descriptor of the socket
     * @param protocol the protocol to call
     * @return the port; it receives once the reactor runs
     * @throws IOException as {@link #adoptDatagramPort(int, DatagramProtocol, PortOptions)}
     */
    public DatagramTransport adoptDatagramPort(int descriptor, DatagramProtocol protocol) throws IOException {
        return adoptDatagramPort(descriptor, protocol, PortOptions.defaults());
    }

    /**
     * Makes a port from a UDP socket that another process or library opened. The reactor duplicates the descriptor. The
     * caller still has to close its own, and may do so at once. stopListening closes the duplicate, and never shuts the
     * socket down. The reactor reads the socket's family, local address and peer from the kernel. The socket may be
     * blocking.
     *
     * <p>
     * The options of a socket are shared by all its holders. The reactor therefore changes none of them, GRO included,
     * with these exceptions: RECVERR, while the port is connected or if the options ask for errors; the socket options
     * that the requested metadata need; and PKTINFO for {@link PortOptions#withAnswerFromAsked}. When the port is
     * closed, these are restored, and so is the peer if the port was connected to another one. What the program itself
     * sets or joins stays.
     *
     * <p>
     * A port restores what it has switched on itself, even if another holder of the socket uses it. If two ports adopt
     * one socket and ask for the same errors or metadata, closing the port that asked first switches them off for the
     * other. The other can switch them on again with {@code transport.socket().set}.
     *
     * {@snippet file = "dev/salvo/examples/AdoptDatagramPort.java" region = "adopt"}
     *
     * @param descriptor an open descriptor of the socket
     * @param protocol the protocol to call
     * @param options the options of the port, without an interface
     * @return the port; it receives once the reactor runs
     * @throws UnsupportedAddressFamilyException if the socket is neither IPv4 nor IPv6
     * @throws UnsupportedSocketTypeException if the socket is not UDP
     * @throws IOException EBADF if the descriptor is not open; ENOTSOCK if it is not a socket; EMFILE if the process
     *     has too many open descriptors; ENOPROTOOPT if the kernel does not have the metadata that was asked for; or
     *     the exception that startProtocol throws
     * @throws IllegalStateException if the reactor has stopped, or if startProtocol throws another checked exception
     * @throws IllegalArgumentException if the options have an interface, listenMultiple, sharedPort or v6Only
     */
    public DatagramTransport adoptDatagramPort(int descriptor, DatagramProtocol protocol, PortOptions options)
            throws IOException {
        return loop.ports().adopt(descriptor, protocol, options);
    }

    @Override
    public double seconds() {
        return loop.timers().seconds();
    }

    @Override
    public DelayedCall callLater(Duration delay, Call call) {
        return loop.timers().callLater(delay, call);
    }

    @Override
    public LoopingCall callEvery(Duration interval, Call call) {
        return loop.timers().callEvery(interval, call);
    }

    @Override
    public List<DelayedCall> getDelayedCalls() {
        return loop.timers().pending();
    }

    /**
     * Schedules a call on the reactor's thread, for its next turn, or for a later one if thousands of calls are
     * waiting. Any thread may call this. The calls of one thread are made in order. After the reactor has stopped, no
     * call is made.
     *
     * @param call the call to make; an exception is logged
     */
    public void callFromThread(Call call) {
        loop.callFromThread(call);
    }

    /**
     * Schedules a command on the reactor's thread, as {@link #callFromThread}. With this method, a
     * {@link java.util.concurrent.CompletableFuture} can complete on that thread.
     *
     * @param command the command to run; an exception is logged
     */
    @Override
    public void execute(Runnable command) {
        loop.callFromThread(command::run);
    }

    /**
     * Makes a call on a worker thread. Use it for calls that block. A reactor has at most ten worker threads, which are
     * daemons and are started when they are needed. Any thread may call this.
     *
     * <p>
     * No call is made before the reactor runs, or after it has stopped. Calls that are waiting when it stops are
     * discarded. The reactor neither waits for the calls in progress nor interrupts them.
     *
     * @param call the call to make; an exception is logged
     */
    public void callInThread(Call call) {
        loop.callInThread(call);
    }

    /**
     * Makes a call at once if the reactor is running, or else when it begins to run. The calls that wait for that are
     * made in the order in which they were added.
     *
     * @param call the call to make; an exception is logged
     * @throws IllegalStateException if the reactor has stopped
     */
    public void callWhenRunning(Call call) {
        loop.callWhenRunning(call);
    }

    /**
     * Adds a hook that is called after {@link #stop}, while the ports are still open. Hooks are called in the order in
     * which they were added. No hook is called if the reactor is closed without having run, or if polling fails.
     *
     * @param hook the hook to call; an exception is logged
     * @throws IllegalStateException if the reactor has stopped
     */
    public void onShutdown(Call hook) {
        onShutdown(() -> {
            hook.run();
            return null;
        });
    }

    /**
     * Adds a hook that takes time, as {@link #onShutdown(Call)}. The loop goes on until the stages of all hooks are
     * complete, and closes the ports then. A second {@link #stop} does not end this wait, so a stage should have a time
     * limit.
     *
     * @param hook the hook to call; it returns null or a stage, which any thread may complete. An exception is logged
     * @throws IllegalStateException if the reactor has stopped
     */
    public void onShutdown(Callable<? extends @Nullable CompletionStage<?>> hook) {
        loop.onShutdown(hook);
    }

    @Override
    public CompletionStage<InetAddress> resolve(String name, Duration timeout) {
        return loop.resolver().resolve(name, timeout);
    }

    @Override
    public CompletionStage<List<InetAddress>> resolveAll(String name, Duration timeout) {
        return loop.resolver().resolveAll(name, timeout);
    }

    /**
     * Sets how long a loop that has nothing to do polls without sleeping, before it sleeps. Datagrams that arrive in
     * this time are served without the delay of waking a thread. A timer that is due, a call from another thread or
     * {@link #stop} ends the polling.
     *
     * <p>
     * It pays where one request at a time is answered and the next one comes soon. It does not pay where datagrams keep
     * coming with pauses shorter than this time, since the thread then never sleeps and takes a whole CPU. Nor does it
     * pay where peers need the same CPU.
     *
     * <p>
     * The kernel's busy polling is a different feature ({@link dev.salvo.socket.option.SocketLevelOptions#BUSY_POLL},
     * socket(7)): it polls the receive queue of a network device's driver, and does nothing on loopback, which has no
     * such queue.
     *
     * @param longest 0 to 1 second; 0, the default, switches it off. It takes effect with the next poll
     * @throws IllegalArgumentException if {@code longest} is out of range
     * @throws IllegalStateException if the reactor has stopped
     */
    public void busyPoll(Duration longest) {
        loop.idleWait().busyPoll(longest);
    }

    /**
     * Sets how long a loop that had to wait for events waits again before it serves them. Sparse datagrams are then
     * received and answered many at a time. Datagrams that are already there when the loop polls are served at once, so
     * a busy loop never waits. A loop that has gathered waits again only when nothing is left to serve.
     *
     * <p>
     * It pays where several datagrams arrive one by one within this time, and CPU time matters more than delay. It does
     * not pay where a peer waits for each answer.
     *
     * <p>
     * Every datagram that the loop had to wait for is delayed by this time. Unless the thread has a real-time policy,
     * the delay can be up to 50 microseconds longer (PR_SET_TIMERSLACK of prctl(2)). Calls from other threads,
     * {@link #stop}, and timers that become due meanwhile can be delayed as much. Datagrams that arrive meanwhile must
     * find room in the receive buffers. A thread that is interrupted does not wait.
     *
     * @param time 0 to 10 milliseconds; 0, the default, switches it off. It takes effect with the next poll
     * @throws IllegalArgumentException if {@code time} is out of range
     * @throws IllegalStateException if the reactor has stopped
     */
    public void gather(Duration time) {
        loop.idleWait().gather(time);
    }

    /**
     * Runs the loop until {@link #stop} is called and the hooks of {@link #onShutdown} are done. Then every port is
     * closed: it sends what was written, and calls stopProtocol.
     *
     * @throws IllegalStateException if the reactor is running, or has run
     * @throws IOException if polling fails, which does not happen in normal operation
     */
    public void run() throws IOException {
        loop.run();
    }

    /**
     * Ends {@link #run} after the current turn of the loop, or after the next turn if none is under way. In this turn
     * each port still receives what it may receive in one turn, 256 kernel packets as a rule. What else waits in the
     * kernel is in no counter: see {@link DatagramTransport#stopListening}. The hooks of {@link #onShutdown} are called
     * before the loop ends. Any thread may call this; a second call does nothing.
     */
    public void stop() {
        loop.stop();
    }

    /**
     * Makes the JVM's exit stop the reactor: on SIGTERM, SIGINT (Ctrl-C), SIGHUP or System.exit, the reactor is stopped
     * as by {@link #stop}, and the JVM waits for {@link #run} to end, 10 seconds at most. So every port sends what was
     * written and calls stopProtocol, and the hooks of {@link #onShutdown} are done. What the program does after run()
     * may not be done any more. The exit code stays that of the exit: 143 for SIGTERM, 130 for SIGINT.
     *
     * <p>
     * It is a shutdown hook, which lasts until {@link #run} ends or the reactor is closed. Others run at the same time.
     * System.exit on the reactor's own thread waits for the hooks there, so the loop can't end: call {@link #stop}
     * instead. A second call does nothing.
     *
     * @throws IllegalStateException if the reactor has stopped, or the JVM is shutting down
     */
    public void stopOnExit() {
        loop.stopOnExit();
    }

    /**
     * Closes every port and releases all resources. A second call does nothing.
     *
     * @throws IllegalStateException while the reactor is running
     */
    @Override
    public void close() {
        loop.close();
    }
}
