package dev.salvo.protocol.internal.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.clock.Call;
import dev.salvo.protocol.clock.DelayedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The timer heap behaves as a sorted set does, whatever is added, moved, cancelled and waited for, with a million calls
 * too.
 */
@Tag("unit")
class TimersModelTest {

    private record Entry(long due, int number) {
    }

    private static final Comparator<Entry> ORDER = Comparator.comparingLong(Entry::due).thenComparingInt(Entry::number);

    private long now;
    private final Timers timers = new Timers(() -> now, () -> {});
    private final TreeSet<Entry> model = new TreeSet<>(ORDER);
    private final List<DelayedCall> calls = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Integer> made = new ArrayList<>();

    @Test
    void aRandomHistoryMatchesTheModel() {
        var seed = Long.getLong("salvo.test.seed", System.nanoTime());
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try {
            for (int step = 0; step < 200_000; step++) {
                switch (random.nextInt(10)) {
                    case 0, 1, 2 -> add(random.nextInt(1_000));
                    case 3, 4 -> cancelAny(random);
                    case 5, 6 -> moveAny(random);
                    case 7 -> {
                        now += random.nextInt(50);
                        take();
                    }
                    default ->
                        assertEquals(model.isEmpty() ? -1 : Math.max(0, model.first().due - now), timers.nanosToNext());
                }
            }
            now += 10_000;
            take();
            assertTrue(model.isEmpty());
        } catch (Throwable t) {
            throw new AssertionError("-Dsalvo.test.seed=" + seed, t);
        }
    }

    private void add(long delay) {
        var number = calls.size();
        calls.add(timers.callLater(Duration.ofNanos(delay), () -> made.add(number)));
        entries.add(new Entry(now + delay, number));
        model.add(entries.getLast());
    }

    private void cancelAny(RandomGenerator random) {
        var number = anyActive(random);
        if (number >= 0) {
            calls.get(number).cancel();
            model.remove(entries.get(number));
        }
    }

    private void moveAny(RandomGenerator random) {
        var number = anyActive(random);
        if (number < 0) {
            return;
        }
        var old = entries.get(number);
        long due;
        if (random.nextBoolean()) {
            var delay = random.nextInt(1_000);
            calls.get(number).reset(Duration.ofNanos(delay));
            due = now + delay;
        } else {
            var delay = random.nextInt(-500, 500);
            calls.get(number).delay(Duration.ofNanos(delay));
            due = Math.max(old.due + delay, Math.min(old.due, now));
        }
        model.remove(old);
        entries.set(number, new Entry(due, number));
        model.add(entries.get(number));
        assertEquals(due / 1e9, calls.get(number).getTime());
    }

    private int anyActive(RandomGenerator random) {
        if (calls.isEmpty()) {
            return -1;
        }
        // One of the latest calls: hardly any older one is still active.
        var number = calls.size() - 1 - random.nextInt(Math.min(calls.size(), 200));
        assertEquals(model.contains(entries.get(number)), calls.get(number).active());
        return calls.get(number).active() ? number : -1;
    }

    private void take() {
        made.clear();
        timers.takeDue(TimersModelTest::make);
        var expected = new ArrayList<Integer>();
        while (!model.isEmpty() && model.first().due <= now) {
            expected.add(model.removeFirst().number);
        }
        assertEquals(expected, made);
    }

    private static void make(Call call) {
        try {
            call.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMillionCallsAreMadeInOrder() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        var last = new long[]{-1};
        var count = new int[1];
        for (int i = 0; i < 1_000_000; i++) {
            var due = random.nextLong(1L << 40);
            calls.add(timers.callLater(Duration.ofNanos(due), () -> {
                assertTrue(due >= last[0]);
                last[0] = due;
                count[0]++;
            }));
        }
        for (int i = 0; i < 1_000_000; i += 2) {
            calls.get(i).cancel();
        }
        now = 1L << 40;
        timers.takeDue(TimersModelTest::make);
        assertEquals(500_000, count[0]);
        assertEquals(-1, timers.nanosToNext());
    }
}
