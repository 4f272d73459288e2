package dev.salvo.protocol.internal.group;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.PortStatistics;
import dev.salvo.protocol.internal.loop.EventLoop;
import dev.salvo.protocol.internal.port.PortSocket;
import dev.salvo.protocol.internal.port.UdpPort;
import dev.salvo.protocol.internal.record.LimitedLog;
import dev.salvo.socket.CpuAffinity;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One thread of a group, with its event loop. */
public final class GroupMember {

    /** Makes the threads. */
    public interface Threads {
        Thread of(String name, Runnable task);
    }

    private final int index;
    private final int cpu;
    private final Runnable stopGroup;
    private final Thread thread;
    private final CompletableFuture<EventLoop> opened = new CompletableFuture<>();
    /** Completes with the last statistics when the loop and its ports are closed. */
    private final CompletableFuture<List<PortStatistics>> ended = new CompletableFuture<>();

    private volatile @Nullable Throwable failure;

    // Only this member's thread uses these.
    /** The sockets that are bound and have no port yet. */
    private final Map<GroupPort, PortSocket> bound = new HashMap<>();
    /** In the order of listening. */
    private final Map<GroupPort, UdpPort> ports = new LinkedHashMap<>();

    /** The thread is pinned to no CPU if {@code cpu} is negative. */
    GroupMember(int index, int cpu, Threads threads, Runnable stopGroup) {
        this.index = index;
        this.cpu = cpu;
        this.stopGroup = stopGroup;
        thread = threads.of("salvo reactor " + index + (cpu < 0 ? "" : " on CPU " + cpu), this::live);
    }

    /** If the thread can't be started, {@link #awaitOpen} throws the reason. */
    void start() {
        try {
            thread.start();
        } catch (RuntimeException | Error e) {
            // OutOfMemoryError if the process may have no more threads.
            opened.completeExceptionally(e);
        }
    }

    private void live() {
        try {
            pin();
            try (var loop = EventLoop.open()) {
                loop.onShutdown(() -> {
                    stopGroup.run();
                    return null;
                });
                opened.complete(loop);
                loop.run();
            }
        } catch (Throwable t) {
            failure = t;
            if (!opened.completeExceptionally(t)) {
                LimitedLog.always("member " + index + " of a group failed", t);
            }
        } finally {
            end();
        }
    }

    /** Whatever fails here, the others are stopped, and nobody waits for this member any longer. */
    private void end() {
        try {
            List.copyOf(bound.keySet()).forEach(this::close);
            ended.complete(lastStatistics());
        } finally {
            ended.complete(List.of());
            stopGroup.run();
        }
    }

    private void pin() throws SyscallException {
        if (cpu >= 0) {
            try {
                CpuAffinity.pinThread(cpu);
            } catch (SyscallException e) {
                if (e.errno() == Errno.EINVAL) {
                    throw new IllegalArgumentException(
                            "no such CPU, or a cpuset keeps this process from it: " + e.getMessage(), e);
                }
                throw e;
            }
        }
    }

    private List<PortStatistics> lastStatistics() {
        var statistics = new ArrayList<PortStatistics>();
        for (var port : ports.values()) {
            statistics.add(port.statistics());
        }
        return statistics;
    }

    /** Calls a task on this member's thread, and returns or throws what it does. */
    <T> T call(Callable<T> task) throws IOException {
        var result = new CompletableFuture<T>();
        loop().callFromThread(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        await(CompletableFuture.anyOf(result, ended));
        if (!result.isDone()) {
            throw new IllegalStateException("member " + index + " of the group has stopped", failure);
        }
        return await(result);
    }

    private static <T> T await(CompletableFuture<T> result) throws IOException {
        try {
            return result.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    /** Keeps a socket until {@link #serve} makes a port of it. On this member's thread. */
    void keep(GroupPort group, PortSocket socket) {
        bound.put(group, socket);
    }

    /** On this member's thread. */
    UdpSocket bound(GroupPort group) {
        return Objects.requireNonNull(bound.get(group)).socket();
    }

    /** Makes a port of the socket that is bound. On this member's thread. */
    UdpPort serve(GroupPort group, IntFunction<? extends DatagramProtocol> protocols, PortOptions options)
            throws IOException {
        var protocol = Objects.requireNonNull(protocols.apply(index));
        var port = loop().ports().start(Objects.requireNonNull(bound.remove(group)), protocol, options);
        ports.put(group, port);
        return port;
    }

    /** On this member's thread. */
    void stopListening(GroupPort group) {
        var port = ports.get(group);
        if (port != null) {
            port.stopListening().thenRun(() -> ports.remove(group));
        }
    }

    /** Closes the port, or the socket that has no port yet. On this member's thread. */
    void close(GroupPort group) {
        var socket = bound.remove(group);
        if (socket != null) {
            group.detachProgram(socket.socket());
            socket.socket().close();
        }
        var port = ports.remove(group);
        if (port != null) {
            port.close();
        }
    }

    /** The statistics of the ports that are open. After the member has ended, the last ones. */
    public List<PortStatistics> statistics() {
        try {
            return call(() -> ports.values().stream()
                    .filter(UdpPort::isListening)
                    .map(UdpPort::statistics)
                    .toList());
        } catch (IOException | RuntimeException e) {
            if (ended.isDone()) {
                return ended.join();
            }
            throw new IllegalStateException("member " + index + " of the group has no statistics", e);
        }
    }

    /** A loop that is not open yet stops when it is. */
    @SuppressWarnings("FutureReturnValueIgnored") // stop() throws nothing
    void stop() {
        opened.thenAccept(EventLoop::stop);
    }

    void throwFailure() throws IOException {
        var reason = failure;
        if (reason != null) {
            throw new IOException("member " + index + " of the group failed: " + reason.getMessage(), reason);
        }
    }

    /** Waits until the loop is open, or throws the reason why it is not. */
    void awaitOpen() throws IOException {
        await(opened);
    }

    /** Waits until the loop is open. */
    public EventLoop loop() {
        return opened.join();
    }

    public Thread thread() {
        return thread;
    }
}
