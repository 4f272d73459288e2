package dev.salvo.socket.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.pollfd;
import dev.salvo.socket.SyscallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits in poll(2) on one descriptor after another, all of it within one time limit. */
public final class Waiting {

    private final MemorySegment entry;
    private boolean bounded;
    private long end;

    /** Waits for ever, until {@link #within} says otherwise. */
    public Waiting(Arena arena) {
        entry = arena.allocate(pollfd.layout());
        entry.set(JAVA_SHORT, pollfd.events$offset(), (short) Linux.POLLIN());
    }

    /** The time runs from now; null is for ever, and more than 292 years is 292. */
    public Waiting within(@Nullable Duration timeout) {
        bounded = timeout != null;
        end = timeout == null ? 0 : System.nanoTime() + Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
        return this;
    }

    /**
     * Waits until there is something to read, an end, or an error. A wait that a signal interrupted goes on for what is
     * left of it.
     *
     * @return false if the time ran out
     * @throws SyscallException ENOMEM
     */
    public boolean untilReadable(FileDescriptor fd) throws SyscallException {
        while (true) {
            var left = bounded ? Math.max(0, end - System.nanoTime()) : -1;
            var millis = bounded ? (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(left, 1_000_000)) : -1;
            entry.set(JAVA_INT, pollfd.fd$offset(), fd.number());
            var ready = fd.kernel().poll(entry, 1, millis);
            if (ready > 0 || (ready == 0 && left == 0)) {
                return ready > 0;
            }
            if (ready < 0 && ready != -Linux.EINTR()) {
                SyscallErrors.check("poll", ready);
            }
        }
    }
}
