package dev.salvo.protocol;

import dev.salvo.socket.CpuAffinity;
import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import java.io.IOException;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
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

    /** Completes when it has left, once the kernel deals it nothing more. */
    private volatile @Nullable CompletableFuture<Void> left;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;
    private volatile List<PortStatistics> lastStatistics = List.of();
    /** In the order of listening; whatever has become of the port, its socket is closed by way of this. */
    private final List<Place> places = new ArrayList<>();

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
            pin();
            try (var reactor = Reactor.open()) {
                reactor.onShutdown(this::stopsOthers);
                opened.complete(reactor);
                if (life.isStopping()) {
                    reactor.stop();
                }
                reactor.run();
            }
        } catch (Throwable t) {
            failure = t;
        }
        try {
            try {
                lastStatistics = lastStatistics();
                List.copyOf(places).forEach(Place::leave);
            } finally {
                end(failure);
            }
            life.awaitLast();
        } finally {
            List.copyOf(places).forEach(this::giveUp);
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

    /** Before its ports are closed, so that what comes for them is not dealt to others who are about to stop. */
    private void stopsOthers() {
        if (left == null) {
            life.stop();
        }
    }

    private List<PortStatistics> lastStatistics() {
        var statistics = new ArrayList<PortStatistics>();
        for (var port : ports()) {
            try {
                statistics.add(port.statistics());
            } catch (RuntimeException e) {
                // A protocol has closed the socket under its port, which therefore could not be closed.
                LOG.log(Logger.Level.WARNING, "member " + index + " of a group can't tell what a port has done", e);
            }
        }
        return statistics;
    }

    private void end(@Nullable Throwable failure) {
        this.failure = failure;
        ended = true;
        var waiting = left;
        try {
            asked.values().forEach(future -> future.completeExceptionally(stopped()));
            // Who waits for the opening is told by that.
            if (failure != null && !opened.completeExceptionally(failure)) {
                LOG.log(Logger.Level.ERROR, "member " + index + " of a group failed", failure);
            }
        } finally {
            life.ended(index, waiting != null, failure);
        }
        if (waiting != null && failure == null) {
            waiting.complete(null);
        } else if (waiting != null) {
            waiting.completeExceptionally(failure);
        }
    }

    private IllegalStateException stopped() {
        return new IllegalStateException("member " + index + " of the group has stopped", failure);
    }

    /** Instead of {@link #start}, and of everything else. */
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

    /** Has something done on this member's thread; if that ends before, {@code result} fails. */
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

    /** On this member's thread: the kernel deals it nothing more; its end is not the group's, and is waited for. */
    void departs(CompletableFuture<Void> waiting) {
        left = waiting;
    }

    /** On this member's thread. */
    Place keep(Place place) {
        places.add(place);
        return place;
    }

    /** On this member's thread. */
    UdpPort serve(Place place, IntFunction<? extends DatagramProtocol> protocols, PortOptions options)
            throws IOException {
        var usable = reactor().usablePorts();
        var protocol = Objects.requireNonNull(protocols.apply(index));
        var port = usable.start(place.portSocket(), protocol, options);
        place.serve(port);
        return port;
    }

    /** On this member's thread. */
    void giveUp(Place place) {
        places.remove(place);
        place.giveUp();
    }

    /** On this member's thread: the port too, if it has one. */
    void abandon(Place place) {
        try {
            if (place.port() != null) {
                place.port().close();
            }
        } finally {
            giveUp(place);
        }
    }

    /** On this member's thread. */
    List<UdpPort> ports() {
        return places.stream().map(Place::port).filter(Objects::nonNull).toList();
    }

    List<PortStatistics> statistics() {
        try {
            return call(() -> ports().stream().map(UdpPort::statistics).toList());
        } catch (Exception e) {
            if (ended) {
                return lastStatistics;
            }
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
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

    /** Throws why it is not. */
    void awaitOpen() throws Exception {
        await(opened);
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
