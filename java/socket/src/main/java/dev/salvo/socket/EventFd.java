package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Kernel;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.SyscallErrors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A descriptor that other threads make readable (eventfd(2)): how they wake a thread that waits in
 * {@link EpollPoller#await}.
 *
 * <p>{@link #signal} may be called by any thread at any time, all else by the owner alone.
 */
public final class EventFd implements AutoCloseable {

    private static final MemorySegment ONE = one();

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment count = arena.allocate(JAVA_LONG);
    private final Kernel kernel;
    private final FileDescriptor fd;
    private final int number;
    /** Guards the one use of a descriptor that is not the owner's: it can't be closed in the middle of a signal. */
    private final Object closing = new Object();

    private boolean closed;

    private EventFd(Kernel kernel, FileDescriptor fd) {
        this.kernel = kernel;
        this.fd = fd;
        this.number = fd.number();
    }

    /**
     * Opens one, non-blocking and closed on exec.
     *
     * @return an eventfd that belongs to the calling thread
     * @throws SyscallException EMFILE or ENFILE if there are too many descriptors
     */
    public static EventFd open() throws SyscallException {
        var kernel = Kernels.current();
        var fd = SyscallErrors.check("eventfd", kernel.eventfd(0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK()));
        return new EventFd(kernel, new FileDescriptor(kernel, fd));
    }

    private static MemorySegment one() {
        var memory = Arena.global().allocate(JAVA_LONG);
        memory.set(JAVA_LONG, 0, 1);
        return memory;
    }

    /** Makes it readable. After {@link #close} this does nothing. Any thread may call it. */
    public void signal() {
        synchronized (closing) {
            if (!closed) {
                // EAGAIN at 2^64 - 2 signals that nobody took: it is readable then.
                kernel.write(number, ONE, Long.BYTES);
            }
        }
    }

    /**
     * Makes it unreadable again.
     *
     * @return whether it had been signalled since the last time
     */
    public boolean take() {
        return fd.read(count, Long.BYTES) == Long.BYTES;
    }

    FileDescriptor fileDescriptor() {
        return fd;
    }

    /**
     * Closes the descriptor. A second call does nothing.
     *
     * @throws WrongThreadException if the caller is not the owner
     */
    @Override
    public void close() {
        synchronized (closing) {
            fd.close();
            closed = true;
        }
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
