package dev.salvo.protocol.internal.loop;

import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.internal.record.LimitedLog;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The hooks that are called when the loop begins, and before it ends. */
final class LifecycleHooks {

    private final ThreadCalls threadCalls;
    private final ArrayDeque<Call> startup = new ArrayDeque<>();
    private final ArrayDeque<Callable<? extends @Nullable CompletionStage<?>>> shutdown = new ArrayDeque<>();
    /** The number of stages that are not complete. */
    private int awaited;

    LifecycleHooks(ThreadCalls threadCalls) {
        this.threadCalls = threadCalls;
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

    /** Calls the hooks that were not called yet. Returns whether there are stages to wait for. */
    boolean callShutdown() {
        for (var hook = shutdown.poll(); hook != null; hook = shutdown.poll()) {
            try {
                await(hook.call());
            } catch (Throwable t) {
                LimitedLog.always("shutdown hook", t);
            }
        }
        return awaited > 0;
    }

    private void await(@Nullable CompletionStage<?> stage) {
        if (stage != null) {
            // Any thread may complete the stage, and this must wake a sleeping loop.
            stage.whenComplete((value, thrown) -> threadCalls.add(() -> completed(thrown)));
            awaited++;
        }
    }

    private void completed(@Nullable Throwable thrown) {
        awaited--;
        if (thrown != null) {
            LimitedLog.always("shutdown hook", thrown);
        }
    }

    /** Whether no hook is left to call, and only stages are awaited. Then the loop may sleep. */
    boolean areAwaited() {
        return awaited > 0 && shutdown.isEmpty();
    }
}
