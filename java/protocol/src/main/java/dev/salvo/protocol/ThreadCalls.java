package dev.salvo.protocol;

import dev.salvo.socket.EventFd;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The calls that other threads hand to the reactor, and what wakes it for them. */
final class ThreadCalls {

    /**
     * What a turn of the loop takes at the most: threads that add without end must not keep ports and timers waiting.
     */
    private static final int TURN_CALLS = 4096;

    private final EventFd wakeUp;
    private final Queue<Call> handedOver = new ConcurrentLinkedQueue<>();
    /** True from the first signal until it is taken, so that a burst of calls costs one system call. */
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

    /** Nothing is called any more: what is added from now on is forgotten. */
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

    /** Takes the signal: before the calls are, or one that is added in between would wake nobody. */
    void taken() {
        wakeUp.take();
        signalled.set(false);
    }

    /** Hands over the calls that are there now; what they add waits for the next time, so that the loop goes on. */
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
