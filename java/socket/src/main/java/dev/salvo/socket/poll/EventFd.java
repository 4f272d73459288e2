package dev.salvo.socket.poll;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.Owner;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A descriptor that other threads make readable, to wake a thread that waits in {@link EpollPoller#await} (eventfd(2)).
 *
 * <p>
 * Any thread may call {@link #signal} at any time. Only the owner may call the other methods.
 */
public final class EventFd implements AutoCloseable {

    private static final MemorySegment ONE = one();

    private final Arena arena;
    private final MemorySegment count;
    private final Kernel kernel;
    private final FileDescriptor fd;
    private final int number;
    /**
     * Held by {@link #signal}, the only method for other threads than the owner, so that the descriptor is not closed
     * meanwhile.
     */
    private final Object closing = new Object();

    private boolean closed;

    private EventFd(Kernel kernel, FileDescriptor fd, Owner owner) {
        this.arena = owner.arena();
        this.count = arena.allocate(JAVA_LONG);
        this.kernel = kernel;
        this.fd = fd;
        this.number = fd.number();
    }

    /**
     * Opens an eventfd, which is non-blocking and closed on exec.
     *
     * @return an eventfd that belongs to the calling thread
     * @throws SyscallException EMFILE or ENFILE if too many descriptors are open
     */
    public static EventFd open() throws SyscallException {
        return open(Owner.currentThread());
    }

    /**
     * Opens an eventfd that any thread may use while it holds a lock.
     *
     * @param lock whoever holds it is the owner; the caller has to hold it now
     * @return an eventfd
     * @throws SyscallException as {@link #open()}
     * @throws WrongThreadException if the caller does not hold the lock
     */
    public static EventFd open(ReentrantLock lock) throws SyscallException {
        return open(Owner.holderOf(lock));
    }

    private static EventFd open(Owner owner) throws SyscallException {
        owner.require();
        var kernel = Kernels.current();
        var fd = SyscallErrors.check("eventfd", kernel.eventfd(0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK()));
        return new EventFd(kernel, new FileDescriptor(kernel, fd, owner), owner);
    }

    private static MemorySegment one() {
        var memory = Arena.global().allocate(JAVA_LONG);
        memory.set(JAVA_LONG, 0, 1);
        return memory;
    }

    /** Makes the descriptor readable. After {@link #close} this does nothing. Any thread may call it. */
    public void signal() {
        synchronized (closing) {
            if (!closed) {
                // EAGAIN after 2^64 - 2 signals that were not taken: the descriptor is readable then.
                kernel.write(number, ONE, Long.BYTES);
            }
        }
    }

    /**
     * Makes the descriptor unreadable again.
     *
     * @return true if it was signalled since the last call
     */
    public boolean take() {
        return fd.read(count, Long.BYTES) == Long.BYTES;
    }

    int descriptor() {
        return fd.number();
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
