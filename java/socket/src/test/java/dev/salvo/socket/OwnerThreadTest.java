package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.salvo.linux.SyscallException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Trap 18: between a check and a system call of one thread, another thread could close the descriptor and open a file
 * under the same number. So every object belongs to one thread; any other thread is refused before anything changes.
 */
@Tag("fault")
class OwnerThreadTest {

    static Stream<Named<OwnedThings.Use>> everything() {
        return Stream.of(
                OwnedThings.ofSockets(),
                OwnedThings.ofPollers(),
                OwnedThings.ofBatches(),
                OwnedThings.ofDatagrams(),
                OwnedThings.ofEventFds(),
                OwnedThings.closes())
                .flatMap(uses -> uses);
    }

    @ParameterizedTest
    @MethodSource("everything")
    void anotherThreadIsRefusedAndChangesNothing(OwnedThings.Use use) throws SyscallException, InterruptedException {
        try (var things = new OwnedThings()) {
            assertInstanceOf(WrongThreadException.class, onAnotherThread(use, things));

            things.requireUntouched();
        }
    }

    @Test
    void anotherThreadMaySignal() throws SyscallException, InterruptedException {
        try (var things = new OwnedThings()) {
            assertNull(onAnotherThread(t -> t.eventFd.signal(), things));

            assertEquals(true, things.eventFd.take());
        }
    }

    private static @Nullable Throwable onAnotherThread(OwnedThings.Use use, OwnedThings things)
            throws InterruptedException {
        var thrown = new AtomicReference<@Nullable Throwable>();
        var thread = Thread.ofPlatform().start(() -> {
            try {
                use.of(things);
            } catch (Throwable t) {
                thrown.set(t);
            }
        });
        thread.join();
        return thrown.get();
    }
}
