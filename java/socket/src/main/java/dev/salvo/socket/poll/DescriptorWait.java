package dev.salvo.socket.poll;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.pollfd;
import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a descriptor until another thread ends the wait, as the close of a channel ends what is blocked on it.
 *
 * <p>
 * A platform thread waits in poll(2). A virtual thread is parked, and a thread of Salvo's waits for it, one for the
 * whole JVM: so no wait holds a carrier thread.
 *
 * <p>
 * Any thread may call any method at any time, and several may wait at once, also for different descriptors. Only
 * {@link #close} needs the others to have returned.
 */
public final class DescriptorWait implements AutoCloseable {

    private static final long POLLFD = pollfd.sizeof();

    private final Kernel kernel;
    /** An eventfd, which is readable once the waits have ended. */
    private final int endNumber;
    /** The arguments of poll. A second thread that waits at the same time gets memory of its own. */
    private final AtomicReference<@Nullable MemorySegment> spare = new AtomicReference<>();
    private final Set<Thread> parked = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;
    private boolean closed;

    private DescriptorWait(Kernel kernel, int endNumber) {
        this.kernel = kernel;
        this.endNumber = endNumber;
    }

    /**
     * Opens one, with an eventfd, which is closed on exec.
     *
     * @return waits for any descriptor, by any thread
     * @throws SyscallException EMFILE or ENFILE if too many descriptors are open
     */
    public static DescriptorWait open() throws SyscallException {
        var kernel = Kernels.current();
        return new DescriptorWait(kernel,
                SyscallErrors.check("eventfd", kernel.eventfd(0, Linux.EFD_CLOEXEC() | Linux.EFD_NONBLOCK())));
    }

    /**
     * Waits until the descriptor is ready, has an error or is hung up, or until {@link #end} is called. A signal does
     * not end the wait. {@link Thread#interrupt} ends that of a virtual thread, and no other.
     *
     * @param descriptor an open descriptor, which stays open until this returns
     * @param interest {@link Readiness#READABLE}, {@link Readiness#WRITABLE} or both
     * @param timeoutNanos the longest time to wait, rounded up to whole milliseconds; negative for no limit
     * @return false if the time ran out, the wait was ended, or the virtual thread was interrupted
     * @throws SyscallException ENOMEM if the kernel lacks memory
     */
    public boolean await(int descriptor, int interest, long timeoutNanos) throws SyscallException {
        var end = System.nanoTime() + timeoutNanos;
        return (timeoutNanos != 0 && Thread.currentThread().isVirtual())
                ? park(descriptor, interest, timeoutNanos, end)
                : poll(descriptor, interest, timeoutNanos, end);
    }

    private boolean park(int descriptor, int interest, long timeoutNanos, long end) throws SyscallException {
        var thread = Thread.currentThread();
        parked.add(thread);
        try {
            return VirtualWaits.await(descriptor, interest, timeoutNanos, end, () -> ended);
        } finally {
            parked.remove(thread);
        }
    }

    private boolean poll(int descriptor, int interest, long timeoutNanos, long end) throws SyscallException {
        var entries = spare.getAndSet(null);
        if (entries == null) {
            entries = Arena.ofAuto().allocate(2 * POLLFD, Long.BYTES);
        }
        // The bits of poll(2) are those of epoll(7).
        entries.set(JAVA_INT, pollfd.fd$offset(), descriptor);
        entries.set(JAVA_SHORT, pollfd.events$offset(), (short) interest);
        entries.set(JAVA_INT, POLLFD + pollfd.fd$offset(), endNumber);
        entries.set(JAVA_SHORT, POLLFD + pollfd.events$offset(), (short) Linux.POLLIN());
        try {
            while (true) {
                var left = Math.max(0, end - System.nanoTime());
                var millis = timeoutNanos < 0 ? -1 : (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(left, 1_000_000));
                var ready = kernel.poll(entries, 2, millis);
                if (ready > 0) {
                    return entries.get(JAVA_SHORT, pollfd.revents$offset()) != 0 && !ended;
                }
                if (ready == 0 && left == 0) {
                    return false;
                }
                if (ready < 0 && ready != -Linux.EINTR()) {
                    SyscallErrors.check("poll", ready);
                }
            }
        } finally {
            spare.set(entries);
        }
    }

    /** Ends all waits. Those that begin later end at once. A second call does nothing. */
    public void end() {
        synchronized (this) {
            if (!ended && !closed) {
                try (var arena = Arena.ofConfined()) {
                    var one = arena.allocate(JAVA_LONG);
                    one.set(JAVA_LONG, 0, 1);
                    ended = true;
                    kernel.write(endNumber, one, Long.BYTES);
                }
            }
        }
        parked.forEach(LockSupport::unpark);
    }

    /** Closes the eventfd. No thread may be waiting any more. A second call does nothing. */
    @Override
    public void close() {
        synchronized (this) {
            if (!closed) {
                closed = true;
                kernel.close(endNumber);
            }
        }
    }

    /**
     * The waits of virtual threads. They are parked, and one daemon thread waits in epoll for all of their descriptors.
     * It begins with the first wait, and never ends.
     */
    private static final class VirtualWaits {

        /** One parked thread. The poller's thread makes it ready. */
        private static final class Waiter {

            private final Thread thread = Thread.currentThread();
            private final int descriptor;
            private final int interest;
            private volatile boolean ready;
            private volatile boolean gone;

            private Waiter(int descriptor, int interest) {
                this.descriptor = descriptor;
                this.interest = interest;
            }

            private void wake() {
                ready = true;
                LockSupport.unpark(thread);
            }
        }

        /** A watched descriptor. epoll takes each descriptor once, so its waiters share it. */
        private static final class Watched {

            private final int descriptor;
            private final List<Waiter> waiters = new ArrayList<>();
            private int interest;
            private long token;

            private Watched(int descriptor) {
                this.descriptor = descriptor;
            }
        }

        private static @Nullable VirtualWaits instance;

        /**
         * Waiters that came, and those that have gone before they were ready, in the order of their coming and going.
         */
        private final ConcurrentLinkedQueue<Waiter> changes = new ConcurrentLinkedQueue<>();
        private final Map<Integer, Watched> watched = new HashMap<>();
        private final EpollPoller poller;
        private final EventFd changed;

        private VirtualWaits(EpollPoller poller, EventFd changed) {
            this.poller = poller;
            this.changed = changed;
        }

        /**
         * Parks the calling thread until the descriptor is ready.
         *
         * @return false if the time ran out, {@code ended} became true, or the thread was interrupted
         */
        static boolean await(int descriptor, int interest, long timeoutNanos, long end, BooleanSupplier ended)
                throws SyscallException {
            var waits = instance();
            var waiter = new Waiter(descriptor, interest);
            waits.change(waiter);
            while (!waiter.ready && !ended.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
                if (timeoutNanos < 0) {
                    LockSupport.park(waits);
                } else {
                    var left = end - System.nanoTime();
                    if (left <= 0) {
                        break;
                    }
                    LockSupport.parkNanos(waits, left);
                }
            }
            if (!waiter.ready) {
                waiter.gone = true;
                waits.change(waiter);
                return false;
            }
            return !ended.getAsBoolean();
        }

        private static synchronized VirtualWaits instance() throws SyscallException {
            var waits = instance;
            if (waits == null) {
                waits = start();
                instance = waits;
            }
            return waits;
        }

        /** The poller belongs to its thread, so it is opened there. */
        private static VirtualWaits start() throws SyscallException {
            var opened = new CompletableFuture<VirtualWaits>();
            Thread.ofPlatform().name("salvo-virtual-waits").daemon().start(() -> {
                try {
                    var poller = EpollPoller.open();
                    var changed = EventFd.open();
                    poller.add(changed, changed);
                    var waits = new VirtualWaits(poller, changed);
                    opened.complete(waits);
                    waits.run();
                } catch (Throwable t) {
                    opened.completeExceptionally(t);
                }
            });
            try {
                return opened.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof SyscallException refused) {
                    throw refused;
                }
                throw e;
            }
        }

        private void change(Waiter waiter) {
            changes.add(waiter);
            changed.signal();
        }

        private void run() {
            while (true) {
                try {
                    var events = poller.await(-1);
                    for (int i = 0; i < events; i++) {
                        if (poller.attachment(i) instanceof Watched ready) {
                            wake(ready, poller.readiness(i));
                        }
                    }
                    if (changed.take()) {
                        for (var waiter = changes.poll(); waiter != null; waiter = changes.poll()) {
                            apply(waiter);
                        }
                    }
                } catch (SyscallException | RuntimeException e) {
                    // Nobody is to wait for ever: whoever is woken finds out for itself.
                    watched.values().forEach(each -> each.waiters.forEach(Waiter::wake));
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }

        private void apply(Waiter waiter) {
            if (waiter.gone) {
                var entry = watched.get(waiter.descriptor);
                if (entry != null && entry.waiters.remove(waiter)) {
                    watch(entry);
                }
            } else {
                var entry = watched.computeIfAbsent(waiter.descriptor, Watched::new);
                entry.waiters.add(waiter);
                watch(entry);
            }
        }

        private void wake(Watched entry, int readiness) {
            var always = Readiness.ERROR | Readiness.HANGUP;
            entry.waiters.removeIf(waiter -> {
                var ready = (readiness & (waiter.interest | always)) != 0;
                if (ready) {
                    waiter.wake();
                }
                return ready;
            });
            watch(entry);
        }

        /** Watches what the waiters of a descriptor wait for. */
        private void watch(Watched entry) {
            int interest = 0;
            for (var waiter : entry.waiters) {
                interest |= waiter.interest;
            }
            if (interest == entry.interest) {
                return;
            }
            try {
                if (interest == 0) {
                    watched.remove(entry.descriptor);
                    poller.remove(entry.descriptor, entry.token);
                } else if (entry.interest == 0) {
                    entry.token = poller.add(entry.descriptor, interest, entry);
                } else {
                    poller.modify(entry.descriptor, interest, entry.token);
                }
                entry.interest = interest;
            } catch (SyscallException e) {
                // The descriptor is closed, or epoll has no room: whoever waits finds out by its next call.
                watched.remove(entry.descriptor);
                entry.waiters.forEach(Waiter::wake);
                entry.waiters.clear();
            }
        }
    }
}
