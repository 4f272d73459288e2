package dev.salvo.socket.internal;

import dev.salvo.bindings.Linux;
import java.lang.foreign.MemorySegment;

/**
 * A descriptor that is closed once, used only while it is open, and only by the thread that owns it.
 *
 * <p>The kernel hands a closed number to whoever opens next, so a thread that closes while another is about to call
 * makes that call reach a stranger's file. With one owner for use and close there is no such moment. This is also the
 * one place that restarts calls interrupted by a signal (EINTR).
 */
public final class FileDescriptor {

    private final Kernel kernel;
    private final int number;
    private final Thread owner = Thread.currentThread();
    private boolean open = true;

    /** Takes ownership of {@code number} for the calling thread. */
    public FileDescriptor(Kernel kernel, int number) {
        this.kernel = kernel;
        this.number = number;
    }

    public Kernel kernel() {
        return kernel;
    }

    /**
     * The number, for a call that is made at once.
     *
     * @throws WrongThreadException if the caller is not the owner
     * @throws IllegalStateException if it is closed
     */
    public int number() {
        requireOwner();
        if (!open) {
            throw new IllegalStateException("closed");
        }
        return number;
    }

    /** Whether {@link #close} has not been called. Safe from the owner's thread only. */
    public boolean isOpen() {
        return open;
    }

    public void requireOwner() {
        if (Thread.currentThread() != owner) {
            throw new WrongThreadException("owned by " + owner + ", called on " + Thread.currentThread());
        }
    }

    public int recvmmsg(MemorySegment messages, int count, int flags) {
        int result;
        do {
            result = kernel.recvmmsg(number(), messages, count, flags);
        } while (result == -Linux.EINTR());
        return result;
    }

    public int sendmmsg(MemorySegment messages, int count, int flags) {
        int result;
        do {
            result = kernel.sendmmsg(number(), messages, count, flags);
        } while (result == -Linux.EINTR());
        return result;
    }

    public long recvmsg(MemorySegment message, int flags) {
        long result;
        do {
            result = kernel.recvmsg(number(), message, flags);
        } while (result == -Linux.EINTR());
        return result;
    }

    public long read(MemorySegment buffer, long count) {
        long result;
        do {
            result = kernel.read(number(), buffer, count);
        } while (result == -Linux.EINTR());
        return result;
    }

    /**
     * Closes the number; a second call does nothing. Never repeated on EINTR: Linux has freed the number by then
     * (close(2), "Dealing with error returns from close()").
     *
     * @throws WrongThreadException if the caller is not the owner
     */
    public void close() {
        requireOwner();
        if (open) {
            open = false;
            kernel.close(number);
        }
    }
}
