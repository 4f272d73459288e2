package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.pollfd;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.SyscallErrors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** poll(2) on one descriptor, through memory that is allocated once. */
final class ReadableWait {

    private final FileDescriptor fd;
    private final MemorySegment memory;

    ReadableWait(FileDescriptor fd, Arena arena) {
        this.fd = fd;
        memory = arena.allocate(pollfd.layout());
        memory.set(JAVA_SHORT, pollfd.events$offset(), (short) Linux.POLLIN());
    }

    /** As {@link UdpSocket#awaitReadable}: a wait that a signal interrupted goes on for what is left of it. */
    boolean await(@Nullable Duration timeout) throws SyscallException {
        // What is more than 292 years becomes 292: Duration.toNanos would throw.
        var deadline = timeout == null ? 0 : System.nanoTime() + Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
        while (true) {
            var left = timeout == null ? -1 : Math.max(0, deadline - System.nanoTime());
            var millis = left < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(left, 1_000_000));
            memory.set(JAVA_INT, pollfd.fd$offset(), fd.number());
            var ready = fd.kernel().poll(memory, 1, millis);
            if (ready > 0 || (ready == 0 && left == 0)) {
                return ready > 0;
            }
            if (ready < 0 && ready != -Linux.EINTR()) {
                SyscallErrors.check("poll", ready);
            }
        }
    }
}
