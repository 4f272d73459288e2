package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.Recorder;
import java.io.File;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A group is stopped while it opens or listens. */
@Tag("loopback")
class GroupRacesTest {

    private static final PortOptions OPTIONS = Loopback.IPV4.options();

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    /** A reactor does not close a bound socket that does not belong to a port yet. */
    @Test
    void aGroupThatStopsWhileItBeginsToListenLeavesNothingOpen() throws Exception {
        openAndStop();
        var before = descriptors();
        openAndStop();
        assertEquals(before, descriptors());
    }

    private static void openAndStop() throws Exception {
        var threads = new CopyOnWriteArrayList<Thread>();
        try (var group = ReactorGroup.open(3, Steering.hash(), new int[0], (name, task) -> {
            threads.add(Thread.ofPlatform().name(name).unstarted(task));
            return threads.getLast();
        })) {
            var e = assertThrows(IllegalStateException.class, () -> group.listenUdp(0, i -> {
                group.stop();
                while (threads.get(1).isAlive()) {
                    Thread.onSpinWait();
                }
                return new Recorder();
            }, OPTIONS));
            assertEquals("member 1 of the group has stopped", e.getMessage());
        }
    }

    /** The JVM throws this error in a process that may not start more threads. */
    @Test
    void aThreadThatCannotBeStartedEndsTheOthers() {
        var started = new CopyOnWriteArrayList<Thread>();
        assertThrows(OutOfMemoryError.class, () -> ReactorGroup.open(3, Steering.hash(), new int[0], (name, task) -> {
            started.add(name.endsWith("1") ? new Thread(task, name) {
                @Override
                public void start() {
                    throw new OutOfMemoryError("unable to create native thread");
                }
            } : Thread.ofPlatform().daemon().name(name).unstarted(task));
            return started.getLast();
        }));
        assertTrue(started.stream().noneMatch(Thread::isAlive), started::toString);
    }
}
