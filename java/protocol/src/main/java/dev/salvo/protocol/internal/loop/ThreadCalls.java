package dev.salvo.protocol.internal.loop;

import dev.salvo.protocol.clock.Call;
import dev.salvo.socket.poll.EventFd;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The calls that other threads hand to the reactor, and the event descriptor that wakes it for them. */
final class ThreadCalls {

    /**
     * The most calls that a turn of the loop makes: threads that add calls without end must not delay ports and timers.
     */
    private static final int TURN_CALLS = 4096;

    private final EventFd wakeUp;
    private final Queue<Call> handedOver = new ConcurrentLinkedQueue<>();
    /** True from the first signal until the loop takes it, so that a burst of calls costs one system call. */
    private final AtomicBoolean signalled = new AtomicBoolean();

    private volatile boolean ended;

    private final ArrayDeque<Call> turn = new ArrayDeque<>();

    ThreadCalls(EventFd wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Any thread. */
    void add(Call call) {
        if (!ended) {
            handedOver.add(call);
            wake();
        }
    }

    /** Discards the calls that are waiting, and all that are added from now on. */
    void end() {
        ended = true;
        handedOver.clear();
    }

    /** Any thread. */
    void wake() {
        if (signalled.compareAndSet(false, true)) {
            wakeUp.signal();
        }
    }

    /** Takes the signal. This must come before the calls are taken: otherwise a call added in between wakes no one. */
    void taken() {
        wakeUp.take();
        signalled.set(false);
    }

    /** Makes the calls that are there now. Calls that these add are made in the next turn, so that the loop goes on. */
    void take(Consumer<Call> caller) {
        for (int i = 0; i < TURN_CALLS; i++) {
            var call = handedOver.poll();
            if (call == null) {
                break;
            }
            turn.add(call);
        }
        for (var call = turn.poll(); call != null; call = turn.poll()) {
            caller.accept(call);
        }
    }

    boolean isEmpty() {
        return handedOver.isEmpty();
    }
}
