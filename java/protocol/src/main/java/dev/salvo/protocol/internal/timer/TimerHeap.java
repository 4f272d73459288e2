package dev.salvo.protocol.internal.timer;

import java.util.Arrays;
import java.util.stream.Stream;

/** A binary heap in which every timer knows its position, so that removing one costs no more than adding it. */
final class TimerHeap {

    private Timer[] heap = new Timer[16];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** The timer that is due first; of those due at the same time, the one that was added first. */
    Timer first() {
        return heap[0];
    }

    /** All timers, in no particular order. */
    Stream<Timer> all() {
        return Arrays.stream(heap, 0, size);
    }

    void add(Timer timer) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        place(timer, size++);
        siftUp(timer);
    }

    /** Removes a timer. The caller must set the timer's index, to CALLED or CANCELLED. */
    void remove(Timer timer) {
        var hole = timer.index;
        var moved = heap[--size];
        heap[size] = null;
        if (moved != timer) {
            place(moved, hole);
            moved(moved);
        }
    }

    /** Restores the order after the time of a timer was changed. */
    void moved(Timer timer) {
        siftUp(timer);
        siftDown(timer);
    }

    private void place(Timer timer, int index) {
        heap[index] = timer;
        timer.index = index;
    }

    private void siftUp(Timer timer) {
        while (timer.index > 0) {
            var parent = heap[(timer.index - 1) / 2];
            if (!timer.isBefore(parent)) {
                return;
            }
            swap(timer, parent);
        }
    }

    private void siftDown(Timer timer) {
        while (true) {
            var left = 2 * timer.index + 1;
            if (left >= size) {
                return;
            }
            var right = left + 1;
            var child = right < size && heap[right].isBefore(heap[left]) ? heap[right] : heap[left];
            if (!child.isBefore(timer)) {
                return;
            }
            swap(timer, child);
        }
    }

    private void swap(Timer a, Timer b) {
        var index = a.index;
        place(a, b.index);
        place(b, index);
    }
}
