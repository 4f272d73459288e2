package dev.salvo.protocol;

import dev.salvo.socket.CpuAffinity;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A thread of a group, with its reactor. */
final class GroupMember {

    /** Makes the threads. */
    interface Threads {
        Thread of(String name, Runnable task);
    }

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    private final GroupLife life;
    private final int index;
    private final int cpu;
    private final Thread thread;
    private final CompletableFuture<Reactor> opened = new CompletableFuture<>();
    /** What others wait for, each by a key of its own. */
    private final Map<Object, CompletableFuture<?>> asked = new ConcurrentHashMap<>();

    /** Completes when it has left, once it is leaving. */
    private volatile @Nullable CompletableFuture<Void> left;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;
    private volatile List<PortStatistics> lastStatistics = List.of();
    private final List<UdpPort> ports = new ArrayList<>();
    /** Those that no port closes as yet. */
    private final List<UdpSocket> bound = new ArrayList<>();
    private final List<UdpSocket> held = new ArrayList<>();

    /** On no CPU of its own if {@code cpu} is negative. */
    GroupMember(GroupLife life, int index, int cpu, Threads threads) {
        this.life = life;
        this.index = index;
        this.cpu = cpu;
        thread = threads.of("salvo reactor " + index + (cpu < 0 ? "" : " on CPU " + cpu), this::live);
    }

    void start() {
        thread.start();
    }

    private void live() {
        Throwable failure = null;
        try {
            if (cpu >= 0) {
                CpuAffinity.pinThread(cpu);
            }
            try (var reactor = Reactor.open()) {
                reactor.onShutdown(this::hold);
                opened.complete(reactor);
                if (life.isStopping()) {
                    reactor.stop();
                }
                try {
                    reactor.run();
                } finally {
                    lastStatistics = ports.stream().map(UdpPort::statistics).toList();
                }
            }
        } catch (Throwable t) {
            failure = t;
        }
        bound.forEach(UdpSocket::close);
        end(failure);
        // The places in the kernel's array: when a socket is gone, the last one moves into its place
        // (__reuseport_detach_sock of net/core/sock_reuseport.c), and the program chooses by place.
        life.awaitLast();
        release();
    }

    /** Keeps all its sockets beyond their ports, or none; a second call does nothing. */
    void hold() throws SyscallException {
        if (held.isEmpty()) {
            try {
                for (var port : ports) {
                    if (port.isListening()) {
                        held.add(UdpSocket.adoptDuplicate(port.socket().descriptor()));
                    }
                }
            } catch (SyscallException e) {
                release();
                throw e;
            }
        }
    }

    /** Gives back what {@link #hold} keeps. */
    void release() {
        held.forEach(UdpSocket::close);
        held.clear();
    }

    private void end(@Nullable Throwable failure) {
        this.failure = failure;
        ended = true;
        asked.values().forEach(future -> future.completeExceptionally(stopped()));
        // Who waits for the opening is told by that.
        if (failure != null && !opened.completeExceptionally(failure)) {
            LOG.log(Logger.Level.ERROR, "member " + index + " of a group failed", failure);
        }
        var waiting = left;
        life.ended(index, waiting != null, failure);
        if (waiting != null && failure != null) {
            waiting.completeExceptionally(failure);
        } else if (waiting != null) {
            waiting.complete(null);
        }
    }

    /** A thread that could not be started has ended. */
    void neverStarted(Throwable reason) {
        opened.completeExceptionally(reason);
        life.ended(index, false, reason);
    }

    /** Has something done on this member's thread, and waits for it; gives or throws what that gave or threw. */
    <T> T call(Callable<T> task) throws Exception {
        var result = new CompletableFuture<T>();
        ask(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        }, result);
        return await(result);
    }

    /** Has something done on this member's thread; completes {@code result} itself if the thread ends before that. */
    void ask(Call task, CompletableFuture<?> result) {
        var key = new Object();
        asked.put(key, result);
        reactor().callFromThread(() -> {
            asked.remove(key);
            task.run();
        });
        if (ended && asked.remove(key) != null) {
            result.completeExceptionally(stopped());
        }
    }

    private IllegalStateException stopped() {
        return new IllegalStateException("member " + index + " of the group has stopped", failure);
    }

    private static <T> T await(CompletableFuture<T> result) throws Exception {
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    /** On this member's thread: its end is not the group's, and is waited for. */
    void leaving(CompletableFuture<Void> waiting) {
        left = waiting;
    }

    /** On this member's thread: closes it at the end, unless {@link #start} has made a port of it. */
    PortSocket keep(PortSocket socket) {
        bound.add(socket.socket());
        return socket;
    }

    /** On this member's thread. */
    void close(PortSocket socket) {
        bound.remove(socket.socket());
        socket.socket().close();
    }

    /** On this member's thread. */
    UdpPort start(PortSocket socket, IntFunction<? extends DatagramProtocol> protocols, PortOptions options)
            throws IOException {
        var usable = reactor().usablePorts();
        var port = usable.start(socket, Objects.requireNonNull(protocols.apply(index)), options);
        bound.remove(socket.socket());
        ports.add(port);
        return port;
    }

    /** On this member's thread. */
    void close(UdpPort port) {
        ports.remove(port);
        port.close();
    }

    List<UdpPort> ports() {
        return ports;
    }

    List<PortStatistics> statistics() {
        try {
            return call(() -> ports.stream().map(UdpPort::statistics).toList());
        } catch (Exception e) {
            // It has ended, before or meanwhile.
            return lastStatistics;
        }
    }

    /** One that is not open yet looks when it is. */
    void stop() {
        if (opened.isDone() && !opened.isCompletedExceptionally()) {
            opened.join().stop();
        }
    }

    /** Waits for the end of its thread, and tells whether it was interrupted meanwhile. */
    boolean join() {
        var interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    Reactor reactor() {
        return opened.join();
    }

    Thread thread() {
        return thread;
    }

    int index() {
        return index;
    }
}
