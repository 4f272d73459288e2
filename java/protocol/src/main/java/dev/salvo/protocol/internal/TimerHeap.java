package dev.salvo.protocol.internal;

import java.util.Arrays;
import java.util.stream.Stream;

/** A binary heap in which every timer knows its place, so that taking one out is as cheap as putting it in. */
final class TimerHeap {

    private Timer[] heap = new Timer[16];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** The one that is due first; of those due at the same time, the one made first. */
    Timer first() {
        return heap[0];
    }

    /** In no order. */
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

    /** Leaves the timer's index to the caller, whose name for being out it is to have. */
    void remove(Timer timer) {
        var hole = timer.index;
        var moved = heap[--size];
        heap[size] = null;
        if (moved != timer) {
            place(moved, hole);
            moved(moved);
        }
    }

    /** Puts a timer, whose time was changed, where it belongs. */
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
