package dev.salvo.socket.internal.descriptor;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.pollfd;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for one descriptor after another in poll(2), with one time limit for all waits together. */
public final class PollWait {

    /** Has the same number as EPOLLRDHUP; a header has it only for _GNU_SOURCE. */
    private static final int POLLRDHUP = Linux.EPOLLRDHUP();

    private final MemorySegment entry;
    private boolean bounded;
    private boolean hungUp;
    private long end;

    /** Without a time limit, unless {@link #within} sets one. */
    public PollWait(Arena arena) {
        entry = arena.allocate(pollfd.layout());
        entry.set(JAVA_SHORT, pollfd.events$offset(), (short) (Linux.POLLIN() | POLLRDHUP));
    }

    /**
     * Throws IllegalStateException on a virtual thread. A thread that waits in a system call keeps its carrier, and
     * there are as many carriers as CPUs: a few such waits, and no other virtual thread of the JVM runs.
     */
    public static void requirePlatformThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "this would block in a system call, and other virtual threads with it: call it on a platform thread");
        }
    }

    /**
     * Sets the time limit, which runs from now. Null means no limit; a limit of more than 292 years is 292 years. A
     * virtual thread may only look, without waiting.
     */
    public PollWait within(@Nullable Duration timeout) {
        if (timeout == null || timeout.isPositive()) {
            requirePlatformThread();
        }
        bounded = timeout != null;
        end = timeout == null ? 0 : System.nanoTime() + Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
        return this;
    }

    /** Whether the last wait found that the socket was shut down: it is readable for ever. */
    public boolean foundHangup() {
        return hungUp;
    }

    /**
     * Waits until the descriptor has data, the end of its data, or an error. After a signal, the wait goes on for the
     * time that is left.
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
                hungUp = ready > 0 && (entry.get(JAVA_SHORT, pollfd.revents$offset()) & POLLRDHUP) != 0;
                return ready > 0;
            }
            if (ready < 0 && ready != -Linux.EINTR()) {
                SyscallErrors.check("poll", ready);
            }
        }
    }
}
