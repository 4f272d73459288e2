package dev.salvo.protocol.internal.loop;

import dev.salvo.protocol.NameResolver;
import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.DelayedCall;
import dev.salvo.socket.SockAddr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks names up on the reactor's worker threads, and completes the stages on the reactor's own thread. */
public final class ThreadedResolver implements NameResolver {

    /** Looks a name up. It may block. */
    @FunctionalInterface
    public interface Lookup {
        InetAddress[] lookUp(String name) throws Exception;
    }

    private final EventLoop loop;
    private final Lookup lookup;
    private final Set<Query<?>> pending = new LinkedHashSet<>();

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
        // The worker threads look up nothing before the reactor runs, so the timeout begins then.
        loop.callWhenRunning(() -> query.limit = loop.callLater(
                timeout, () -> query.fail("no answer within " + timeout.toMillis() / 1e3 + " s", null)));
        loop.callInThread(() -> {
            var completion = lookUp(query);
            loop.callFromThread(completion);
        });
        return query.answer;
    }

    /** Called on a worker thread: looks up, and returns the call that the reactor's thread makes with the result. */
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
