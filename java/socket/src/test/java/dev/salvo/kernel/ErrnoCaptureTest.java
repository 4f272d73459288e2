package dev.salvo.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.Errno;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Trap 25: errno belongs to the thread, and the JVM's own calls overwrite it between a downcall and the next line of
 * Java. So the linker captures it, into memory that no other thread uses.
 */
@Tag("loopback")
class ErrnoCaptureTest {

    private static final int CALLS = 100_000;

    private static void makeCalls(IntSupplier call, int errno) {
        for (int i = 0; i < CALLS; i++) {
            assertEquals(-errno, call.getAsInt());
        }
    }

    private static Runnable failing(Kernel kernel, int index) {
        return () -> {
            try (var arena = Arena.ofConfined()) {
                var memory = arena.allocate(32, Long.BYTES);
                switch (index) {
                    case 0 -> makeCalls(() -> kernel.close(-1), Errno.EBADF);
                    case 1 -> makeCalls(() -> kernel.socket(9999, Linux.SOCK_DGRAM(), 0), Errno.EAFNOSUPPORT);
                    case 2 -> makeCalls(() -> kernel.socket(Linux.AF_INET(), 9999, 0), Errno.EINVAL);
                    // No name of an interface: the kernel would start modprobe for each that it does not know.
                    case 3 -> makeCalls(() -> kernel.unsetenv(memory), Errno.EINVAL);
                    default -> makeCalls(() -> (int) kernel.read(-1, memory, 8), Errno.EBADF);
                }
            }
        };
    }

    @Test
    void everyThreadSeesItsOwnErrno() throws Exception {
        var kernel = Kernels.current();
        var running = new ArrayList<Future<?>>();
        try (var threads = Executors.newFixedThreadPool(5)) {
            var together = new CyclicBarrier(5);
            for (int i = 0; i < 5; i++) {
                var calls = failing(kernel, i);
                running.add(threads.submit(() -> {
                    together.await();
                    calls.run();
                    return null;
                }));
            }
            // Garbage, so that collections happen between the calls.
            var garbage = new ArrayList<byte[]>();
            while (running.stream().anyMatch(f -> !f.isDone())) {
                garbage.add(new byte[100_000]);
                if (garbage.size() == 200) {
                    garbage.clear();
                }
            }
            for (var calls : running) {
                calls.get(60, TimeUnit.SECONDS);
            }
        }
    }
}
