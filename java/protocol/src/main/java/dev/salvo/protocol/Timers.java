package dev.salvo.protocol;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The calls that are to be made later, in the order in which they are due: a binary heap in which every call knows its
 * place, so that cancelling is as cheap as adding.
 */
final class Timers {

    /** 146 years: what is due later than any program runs need not overflow. */
    private static final long LONGEST = Long.MAX_VALUE / 2;

    private final Thread owner = Thread.currentThread();
    private final LongSupplier nanoTime;
    private DelayedCall[] heap = new DelayedCall[16];
    private int size;
    private long sequence;

    Timers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void requireOwner() {
        if (Thread.currentThread() != owner) {
            throw new WrongThreadException("the reactor belongs to " + owner + "; use callFromThread");
        }
    }

    DelayedCall add(long delayNanos, Call call) {
        if (delayNanos < 0) {
            throw new IllegalArgumentException("negative delay: " + delayNanos + " ns");
        }
        var due = nanoTime.getAsLong() + Math.min(delayNanos, LONGEST);
        var added = new DelayedCall(this, call, due, sequence++);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        place(added, size++);
        siftUp(added);
        return added;
    }

    void remove(DelayedCall call) {
        var hole = call.index;
        call.index = DelayedCall.OUT;
        var moved = heap[--size];
        heap[size] = null;
        if (moved != call) {
            place(moved, hole);
            siftUp(moved);
            siftDown(moved);
        }
    }

    /** Hands over what is due, one by one. What is added meanwhile waits for the next time, due or not. */
    void takeDue(Consumer<Call> caller) {
        if (size == 0) {
            return;
        }
        var now = nanoTime.getAsLong();
        var firstNew = sequence;
        while (size > 0 && heap[0].due - now <= 0 && heap[0].sequence < firstNew) {
            var call = heap[0];
            remove(call);
            caller.accept(call.call);
        }
    }

    /** How long until the next call is due: 0 if one is, -1 if there is none. */
    long nanosToNext() {
        return size == 0 ? -1 : Math.max(0, heap[0].due - nanoTime.getAsLong());
    }

    private void place(DelayedCall call, int index) {
        heap[index] = call;
        call.index = index;
    }

    private void siftUp(DelayedCall call) {
        while (call.index > 0) {
            var parent = heap[(call.index - 1) / 2];
            if (!call.isBefore(parent)) {
                return;
            }
            swap(call, parent);
        }
    }

    private void siftDown(DelayedCall call) {
        while (true) {
            var left = 2 * call.index + 1;
            if (left >= size) {
                return;
            }
            var right = left + 1;
            var child = right < size && heap[right].isBefore(heap[left]) ? heap[right] : heap[left];
            if (!child.isBefore(call)) {
                return;
            }
            swap(call, child);
        }
    }

    private void swap(DelayedCall a, DelayedCall b) {
        var index = a.index;
        place(a, b.index);
        place(b, index);
    }
}
