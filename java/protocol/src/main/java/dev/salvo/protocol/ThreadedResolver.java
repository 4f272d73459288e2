package dev.salvo.protocol;

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

/** Looks names up on the reactor's threads, and tells the addresses on its own. */
final class ThreadedResolver implements NameResolver {

    /** What looks a name up, and may take its time. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] lookUp(String name) throws Exception;
    }

    private final Reactor reactor;
    private final Lookup lookup;
    private final Set<Query<?>> pending = new LinkedHashSet<>();

    ThreadedResolver(Reactor reactor, Lookup lookup) {
        this.reactor = reactor;
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

    /** IPv4, since that is what a port listens on unless told otherwise. */
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
            reactor.callLater(Duration.ZERO, () -> query.found(List.of(literal)));
            return query.answer;
        }
        // No thread looks anything up before the reactor runs.
        reactor.callWhenRunning(() -> query.limit = reactor.callLater(
                timeout, () -> query.fail("no answer within " + timeout.toMillis() / 1e3 + " s", null)));
        reactor.callInThread(() -> {
            var told = lookUp(query);
            reactor.callFromThread(told);
        });
        return query.answer;
    }

    /** In a thread of the pool: looks up, and gives what the reactor's thread is to do with the outcome. */
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

    /** Nothing is told any more: what has been asked is told that. */
    void stop() {
        for (var query : List.copyOf(pending)) {
            query.complete(null, new CancellationException(query.name + ": the reactor has stopped"));
        }
    }

    /** One name that was asked for. Everything but the lookup itself happens on the reactor's thread. */
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
