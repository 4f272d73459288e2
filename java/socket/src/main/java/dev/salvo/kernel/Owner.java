package dev.salvo.kernel;

import java.lang.foreign.Arena;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Who may use a descriptor and the memory for its calls: one thread, or whoever holds a lock. */
public final class Owner {

    private final @Nullable Thread thread;
    private final @Nullable ReentrantLock lock;

    private Owner(@Nullable Thread thread, @Nullable ReentrantLock lock) {
        this.thread = thread;
        this.lock = lock;
    }

    public static Owner currentThread() {
        return new Owner(Thread.currentThread(), null);
    }

    /** Whichever thread holds the lock at the time. */
    public static Owner holderOf(ReentrantLock lock) {
        return new Owner(null, lock);
    }

    /** Memory that only the owner may use. It is closed by the owner too. */
    public Arena arena() {
        // Only a thread that takes turns with others needs a shared arena, and pays for it when it is closed.
        return lock == null ? Arena.ofConfined() : Arena.ofShared();
    }

    /** The thread; null if the owner is the holder of a lock. */
    public @Nullable Thread thread() {
        return thread;
    }

    public boolean isCurrent() {
        return Thread.currentThread() == thread || (lock != null && lock.isHeldByCurrentThread());
    }

    /** Throws WrongThreadException if the caller is not the owner. */
    public void require() {
        if (!isCurrent()) {
            throw new WrongThreadException(thread != null
                    ? "only " + thread + " may use this, but it was called by " + Thread.currentThread()
                    : "only the holder of the lock may use this, but it was called by " + Thread.currentThread());
        }
    }
}
