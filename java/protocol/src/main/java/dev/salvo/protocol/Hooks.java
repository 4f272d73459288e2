package dev.salvo.protocol;

import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is called when the loop begins, and before it ends. */
final class Hooks {

    private final Reactor reactor;
    private final ArrayDeque<Call> startup = new ArrayDeque<>();
    private final ArrayDeque<Callable<? extends @Nullable CompletionStage<?>>> shutdown = new ArrayDeque<>();
    /** Stages that are not complete. */
    private int awaited;

    Hooks(Reactor reactor) {
        this.reactor = reactor;
    }

    void onStartup(Call call) {
        startup.add(call);
    }

    void onShutdown(Callable<? extends @Nullable CompletionStage<?>> hook) {
        shutdown.add(hook);
    }

    void callStartup(Consumer<Call> caller) {
        for (var call = startup.poll(); call != null; call = startup.poll()) {
            caller.accept(call);
        }
    }

    /** Calls those that were not called yet, and tells whether there is something to wait for. */
    boolean callShutdown() {
        for (var hook = shutdown.poll(); hook != null; hook = shutdown.poll()) {
            try {
                await(hook.call());
            } catch (Throwable t) {
                reactor.logAlways("shutdown hook", t);
            }
        }
        return awaited > 0;
    }

    private void await(@Nullable CompletionStage<?> stage) {
        if (stage != null) {
            // Any thread may complete it, and a sleeping loop has to hear of that.
            stage.whenComplete((value, thrown) -> reactor.callFromThread(() -> completed(thrown)));
            awaited++;
        }
    }

    private void completed(@Nullable Throwable thrown) {
        awaited--;
        if (thrown != null) {
            reactor.logAlways("shutdown hook", thrown);
        }
    }

    /** Whether only stages are left, so that the loop may sleep until something happens. */
    boolean areAwaited() {
        return awaited > 0 && shutdown.isEmpty();
    }
}
