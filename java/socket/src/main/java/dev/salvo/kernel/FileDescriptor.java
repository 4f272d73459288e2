package dev.salvo.kernel;

import dev.salvo.bindings.Linux;
import java.lang.foreign.MemorySegment;

/**
 * A file descriptor that only its owner may use and close: a thread, or the holder of a lock.
 *
 * <p>
 * It is closed once, and never used after that. The kernel gives the number of a closed descriptor to the next file
 * that is opened. So if one thread closed a descriptor while another was about to make a call on it, the call could
 * reach an unrelated file. A single owner for use and close rules this out. This class also restarts calls that a
 * signal interrupted (EINTR).
 *
 * <p>
 * A program may close the number by mistake. A transfer below then fails with EBADF, or with ENOTSOCK if another file
 * has the number, and after that {@link #close} leaves the number alone. Nothing shows it if another socket has the
 * number.
 */
public final class FileDescriptor {

    private final Kernel kernel;
    private final int number;
    private final Owner owner;
    private boolean open = true;
    /** Whether somebody else has closed the number. */
    private boolean lost;

    /** Takes ownership of {@code number} for the calling thread. */
    public FileDescriptor(Kernel kernel, int number) {
        this(kernel, number, Owner.currentThread());
    }

    public FileDescriptor(Kernel kernel, int number, Owner owner) {
        this.kernel = kernel;
        this.number = number;
        this.owner = owner;
    }

    public Kernel kernel() {
        return kernel;
    }

    /**
     * The number, for a call that the caller makes at once.
     *
     * @throws WrongThreadException if the caller is not the owner
     * @throws IllegalStateException if the descriptor is closed
     */
    public int number() {
        requireOwner();
        if (!open) {
            throw new IllegalStateException("the descriptor is closed");
        }
        return number;
    }

    /** Whether {@link #close} has not been called yet. Only the owner may ask. */
    public boolean isOpen() {
        return open;
    }

    public void requireOwner() {
        owner.require();
    }

    public int recvmmsg(MemorySegment messages, int count, int flags) {
        int result;
        do {
            result = kernel.recvmmsg(number(), messages, count, flags);
        } while (result < 0 && mustRepeat(result));
        return result;
    }

    public int sendmmsg(MemorySegment messages, int count, int flags) {
        int result;
        do {
            result = kernel.sendmmsg(number(), messages, count, flags);
        } while (result < 0 && mustRepeat(result));
        return result;
    }

    public long sendmsg(MemorySegment message, int flags) {
        long result;
        do {
            result = kernel.sendmsg(number(), message, flags);
        } while (result < 0 && mustRepeat(result));
        return result;
    }

    public long sendto(MemorySegment payload, long length, int flags, MemorySegment address, int addressLength) {
        long result;
        do {
            result = kernel.sendto(number(), payload, length, flags, address, addressLength);
        } while (result < 0 && mustRepeat(result));
        return result;
    }

    public long recvmsg(MemorySegment message, int flags) {
        long result;
        do {
            result = kernel.recvmsg(number(), message, flags);
        } while (result < 0 && mustRepeat(result));
        return result;
    }

    public long read(MemorySegment buffer, long count) {
        long result;
        do {
            result = kernel.read(number(), buffer, count);
        } while (result == -Linux.EINTR());
        return result;
    }

    /** Whether a signal interrupted the call. Notes whether the number is lost. */
    private boolean mustRepeat(long error) {
        lost |= error == -Linux.EBADF() || error == -Linux.ENOTSOCK();
        return error == -Linux.EINTR();
    }

    /**
     * Closes the descriptor; a second call does nothing. The system call is not repeated on EINTR, since Linux has
     * freed the number by then (close(2), "Dealing with error returns from close()").
     *
     * @throws WrongThreadException if the caller is not the owner
     */
    public void close() {
        requireOwner();
        if (open) {
            open = false;
            if (!lost) {
                kernel.close(number);
            }
        }
    }
}
