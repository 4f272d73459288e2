package dev.salvo.protocol.internal.loop;

import dev.salvo.protocol.NameResolver;
import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.DelayedCall;
import dev.salvo.socket.SockAddr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up on threads of their own, and completes the stages on the reactor's own thread.
 *
 * <p>
 * The system's resolver can't be interrupted, and may hang for longer than any caller waits. So a lookup that has timed
 * out keeps its thread, and is no longer counted among the {@link #MOST} that may run.
 */
public final class ThreadedResolver implements NameResolver {

    /** Looks a name up. It may block. */
    @FunctionalInterface
    public interface Lookup {
        InetAddress[] lookUp(String name) throws Exception;
    }

    /** The most lookups that are waited for at one time: as many as in Twisted's thread pool. */
    static final int MOST = 10;
    /** The most threads, with those whose lookups have timed out. */
    static final int MOST_THREADS = 100;

    private final EventLoop loop;
    private final Lookup lookup;
    private final Set<Query<?>> pending = new LinkedHashSet<>();
    private final ArrayDeque<Query<?>> waiting = new ArrayDeque<>();
    /** How many of the pending lookups have begun. */
    private int begun;
    /** How many threads there are. */
    private int threads;

    ThreadedResolver(EventLoop loop, Lookup lookup) {
        this.loop = loop;
        this.lookup = lookup;
    }

    @Override
    public CompletionStage<InetAddress> resolve(String name, Duration timeout) {
        return ask(name, timeout, ThreadedResolver::preferred);
    }

    @Override
    public CompletionStage<List<InetAddress>> resolveAll(String name, Duration timeout) {
        return ask(name, timeout, addresses -> addresses);
    }

    /** Prefers IPv4, since a port listens on IPv4 by default. */
    private static InetAddress preferred(List<InetAddress> addresses) {
        for (var address : addresses) {
            if (address instanceof Inet4Address) {
                return address;
            }
        }
        return addresses.getFirst();
    }

    private <T> CompletionStage<T> ask(String name, Duration timeout, Function<List<InetAddress>, T> choice) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("the timeout is not positive: " + timeout);
        }
        var literal = literal(name);
        var query = new Query<>(name, choice);
        pending.add(query);
        if (literal != null) {
            loop.callLater(Duration.ZERO, () -> query.found(List.of(literal)));
            return query.answer;
        }
        loop.callWhenRunning(() -> {
            query.limit = loop.callLater(
                    timeout, () -> query.fail("no answer within " + timeout.toMillis() / 1e3 + " s", null));
            waiting.add(query);
            begin();
        });
        return query.answer;
    }

    /** Begins lookups while threads are free. A lookup that nobody waits for any more is not begun. */
    private void begin() {
        while (begun < MOST && threads < MOST_THREADS && !waiting.isEmpty()) {
            var query = waiting.remove();
            if (query.answer.isDone()) {
                continue;
            }
            try {
                start(query);
            } catch (OutOfMemoryError e) {
                query.fail("no thread for the lookup", e);
            }
        }
    }

    private void start(Query<?> query) {
        Thread.ofPlatform().daemon().name("salvo-lookup-" + query.name).start(() -> {
            var completion = lookUp(query);
            loop.callFromThread(() -> {
                threads--;
                completion.run();
                begin();
            });
        });
        query.begun = true;
        begun++;
        threads++;
    }

    /** Called on a lookup's thread: looks up, and returns the call that the reactor's thread makes with the result. */
    private Call lookUp(Query<?> query) {
        try {
            var addresses = List.of(lookup.lookUp(query.name));
            return () -> query.found(addresses);
        } catch (Throwable t) {
            return () -> query.fail("the name can't be resolved", t);
        }
    }

    private static @Nullable InetAddress literal(String name) {
        try {
            return SockAddr.of(name.isEmpty() ? "0.0.0.0" : name, 0)
                    .toInetSocketAddress()
                    .getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Completes all pending stages with a CancellationException. */
    void stop() {
        waiting.clear();
        for (var query : List.copyOf(pending)) {
            query.complete(null, new CancellationException(query.name + ": the reactor has stopped"));
        }
    }

    /** A name that is being looked up. Everything but the lookup itself happens on the reactor's thread. */
    private final class Query<T> {
        private final String name;
        private final Function<List<InetAddress>, T> choice;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private @Nullable DelayedCall limit;
        private boolean begun;

        private Query(String name, Function<List<InetAddress>, T> choice) {
            this.name = name;
            this.choice = choice;
        }

        private void found(List<InetAddress> addresses) {
            if (addresses.isEmpty()) {
                fail("the name has no address", null);
            } else {
                complete(choice.apply(addresses), null);
            }
        }

        private void fail(String why, @Nullable Throwable cause) {
            var thrown = new UnknownHostException(name + ": " + why);
            if (cause != null) {
                thrown.initCause(cause);
            }
            complete(null, thrown);
        }

        private void complete(@Nullable T value, @Nullable Throwable thrown) {
            if (!pending.remove(this)) {
                return;
            }
            if (begun) {
                ThreadedResolver.this.begun--;
                // Later, since the timeouts of those that wait may be due in the same turn.
                loop.callFromThread(ThreadedResolver.this::begin);
            }
            if (limit != null && limit.active()) {
                limit.cancel();
            }
            if (thrown != null) {
                answer.completeExceptionally(thrown);
            } else {
                answer.complete(value);
            }
        }
    }
}
