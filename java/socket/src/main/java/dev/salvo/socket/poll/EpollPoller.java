package dev.salvo.socket.poll;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.LinuxExtras;
import dev.salvo.kernel.Owner;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.internal.descriptor.PollWait;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Waits for many descriptors at once, level-triggered (epoll(7)).
 *
 * <p>
 * epoll watches an open file and not the number of a descriptor. If a closed descriptor has a duplicate, in this
 * process or another, epoll therefore goes on reporting its events. So each descriptor is registered with a token: a
 * slot of a table and the generation of that slot. {@link #attachment} returns null for an event whose slot was freed
 * since, even if the slot is in use again.
 *
 * <p>
 * Nor can such a file be removed from the set, because epoll_ctl takes the number. If {@link #remove} failed and the
 * set goes on reporting what was removed, {@link #await} replaces the set by a new one with everything else.
 */
public final class EpollPoller implements AutoCloseable {

    private static final int MAX_EVENTS = 256;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Owner owner;
    private final Arena arena;
    private FileDescriptor fd;
    private final MemorySegment events;
    private final MemorySegment event;
    private final MemorySegment timeout;
    private boolean nanosecondTimeouts = true;

    /**
     * Five arrays by slot: the attachment, or null if the slot is free; the descriptor and the events that it is
     * watched for; how often the slot was freed; the next free slot.
     */
    private @Nullable Object[] attachments = new Object[16];

    private int[] descriptors = new int[16];
    private int[] interests = new int[16];
    private int[] generations = new int[16];
    private int[] nextFree = new int[16];
    private int firstFree = -1;
    private int slots;
    /** Whether the set may still have an entry that was removed here. */
    private boolean leftBehind;

    private EpollPoller(FileDescriptor fd, Owner owner) {
        this.fd = fd;
        this.owner = owner;
        arena = owner.arena();
        events = arena.allocate((long) MAX_EVENTS * LinuxExtras.EPOLL_EVENT_SIZE, Long.BYTES);
        event = arena.allocate(LinuxExtras.EPOLL_EVENT_SIZE, Long.BYTES);
        timeout = arena.allocate(Layouts.TIMESPEC, Long.BYTES);
    }

    /**
     * Opens a poller.
     *
     * @return a poller that only the calling thread may use
     * @throws SyscallException EMFILE or ENFILE if too many descriptors are open
     */
    public static EpollPoller open() throws SyscallException {
        return open(Owner.currentThread());
    }

    /**
     * Opens a poller that any thread may use while it holds a lock, also while it waits.
     *
     * @param lock whoever holds it is the owner of the poller
     * @return a poller
     * @throws SyscallException as {@link #open()}
     */
    public static EpollPoller open(ReentrantLock lock) throws SyscallException {
        return open(Owner.holderOf(lock));
    }

    private static EpollPoller open(Owner owner) throws SyscallException {
        var kernel = Kernels.current();
        var fd = SyscallErrors.check("epoll_create1", kernel.epollCreate1(Linux.EPOLL_CLOEXEC()));
        return new EpollPoller(new FileDescriptor(kernel, fd, owner), owner);
    }

    /**
     * Watches a socket.
     *
     * @param socket an open socket that this poller does not watch yet
     * @param interest bits of {@link Readiness}
     * @param attachment the object that {@link #attachment} returns for its events
     * @return the token for {@link #modify} and {@link #remove}
     * @throws SyscallException EEXIST if it is watched already; ENOSPC at the limit on watches
     *     (/proc/sys/fs/epoll/max_user_watches), or ENOMEM
     */
    public long add(UdpSocket socket, int interest, Object attachment) throws SyscallException {
        return watch(socket.descriptor(), interest, attachment);
    }

    /**
     * Watches an eventfd, which is readable once it is signalled.
     *
     * @param eventFd an open eventfd that this poller does not watch yet
     * @param attachment the object that {@link #attachment} returns for its events
     * @return the token for {@link #remove}
     * @throws SyscallException EEXIST if it is watched already; ENOSPC at the limit on watches
     *     (/proc/sys/fs/epoll/max_user_watches), or ENOMEM
     */
    public long add(EventFd eventFd, Object attachment) throws SyscallException {
        return watch(eventFd.descriptor(), Readiness.READABLE, attachment);
    }

    /**
     * Watches any descriptor that epoll can watch, for instance another poller's.
     *
     * @param descriptor an open descriptor that this poller does not watch yet. Whoever closes it has to call
     *     {@link #remove(int, long)} first
     * @param interest bits of {@link Readiness}
     * @param attachment the object that {@link #attachment} returns for its events
     * @return the token for {@link #modify(int, int, long)} and {@link #remove(int, long)}
     * @throws SyscallException EEXIST if it is watched already; EBADF if it is not open, EPERM if it is a regular file,
     *     ELOOP if pollers would watch each other in a circle, ENOSPC at the limit on watches
     *     (/proc/sys/fs/epoll/max_user_watches), or ENOMEM
     */
    public long add(int descriptor, int interest, Object attachment) throws SyscallException {
        return watch(descriptor, interest, attachment);
    }

    private long watch(int watched, int interest, Object attachment) throws SyscallException {
        // Checked before a slot is taken.
        fd.requireOwner();
        var slot = allocateSlot();
        var token = token(slot);
        var result = control(Linux.EPOLL_CTL_ADD(), watched, interest, token);
        if (result < 0) {
            freeSlot(slot);
        }
        SyscallErrors.check("epoll_ctl", result);
        attachments[slot] = attachment;
        descriptors[slot] = watched;
        interests[slot] = interest;
        return token;
    }

    /**
     * Changes the events that a socket is watched for.
     *
     * @param socket a watched socket
     * @param interest bits of {@link Readiness}
     * @param token the result of {@code add}
     * @throws SyscallException ENOENT if the socket is not watched
     */
    public void modify(UdpSocket socket, int interest, long token) throws SyscallException {
        modify(socket.descriptor(), interest, token);
    }

    /**
     * Changes the events that a descriptor is watched for.
     *
     * @param descriptor a watched descriptor
     * @param interest bits of {@link Readiness}
     * @param token the result of {@code add}
     * @throws SyscallException ENOENT if the descriptor is not watched
     */
    public void modify(int descriptor, int interest, long token) throws SyscallException {
        SyscallErrors.check("epoll_ctl", control(Linux.EPOLL_CTL_MOD(), descriptor, interest, token));
        interests[(int) token] = interest;
    }

    /**
     * Stops watching a socket. Call this before closing the socket. For its events that {@link #await} has already
     * returned, {@link #attachment} returns null from now on.
     *
     * @param socket a watched socket that is still open
     * @param token the result of {@code add}
     * @throws SyscallException ENOENT if the socket is not watched, EBADF if something else has closed its descriptor;
     *     its events are no longer reported all the same
     * @throws IllegalStateException if the socket is closed; its events are no longer reported all the same
     */
    public void remove(UdpSocket socket, long token) throws SyscallException {
        fd.requireOwner();
        // First, so that the events of a socket that is already closed are not reported any more either.
        var leftBefore = forget(token);
        remove(socket.descriptor(), token, leftBefore);
    }

    /**
     * Stops watching a descriptor. Call this before closing it.
     *
     * @param descriptor a watched descriptor that is still open
     * @param token the result of {@code add}
     * @throws SyscallException as {@link #remove(UdpSocket, long)}
     */
    public void remove(int descriptor, long token) throws SyscallException {
        fd.requireOwner();
        remove(descriptor, token, forget(token));
    }

    /** Frees the slot of a token. Returns whether something was left behind before. */
    private boolean forget(long token) {
        if (slotOf(token) >= 0) {
            freeSlot((int) token);
        }
        var leftBefore = leftBehind;
        leftBehind = true;
        return leftBefore;
    }

    private void remove(int descriptor, long token, boolean leftBefore) throws SyscallException {
        SyscallErrors.check("epoll_ctl", control(Linux.EPOLL_CTL_DEL(), descriptor, 0, token));
        leftBehind = leftBefore;
    }

    private int control(int operation, int watched, int interest, long token) {
        event.set(JAVA_INT_UNALIGNED, LinuxExtras.EPOLL_EVENT_EVENTS, interest);
        event.set(JAVA_LONG_UNALIGNED, LinuxExtras.EPOLL_EVENT_DATA, token);
        return fd.kernel().epollCtl(fd.number(), operation, watched, event);
    }

    /**
     * {@return the number of the poller's own descriptor, which another poller can watch: it is readable while
     * something is ready. Valid until {@link #close}, or until {@link #await} replaces the set}
     */
    public int descriptor() {
        return fd.number();
    }

    /**
     * Waits until something is ready.
     *
     * @param timeoutNanos the longest time to wait, in nanoseconds: 0 returns at once, a negative number waits for
     *     ever. Without epoll_pwait2 (Linux before 5.11, or a seccomp filter that refuses it) the time is rounded up to
     *     whole milliseconds
     * @return the number of events, up to 256; 0 if the time ran out, a signal interrupted the wait, or the set was
     * replaced
     * @throws IllegalStateException on a virtual thread, unless {@code timeoutNanos} is 0: the wait would hold the
     *     carrier thread, and as many waits as CPUs would hold up every virtual thread of the JVM
     * @throws SyscallException for errors that correct use does not cause, such as EBADF
     */
    public int await(long timeoutNanos) throws SyscallException {
        if (timeoutNanos != 0) {
            PollWait.requirePlatformThread();
        }
        var ready = awaitEvents(timeoutNanos);
        return leftBehind && hasUnwatched(ready) ? replaceSet(ready) : ready;
    }

    private boolean hasUnwatched(int ready) {
        for (int i = 0; i < ready; i++) {
            if (attachment(i) == null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Opens a new set with everything that is watched. What can't be added is reported as readable with an error, so
     * that its owner finds out. Without a descriptor for the new set, the old one stays until the next wait.
     *
     * @return the number of events that are reported now; the next wait reports the others again
     */
    private int replaceSet(int ready) {
        var result = fd.kernel().epollCreate1(Linux.EPOLL_CLOEXEC());
        if (result < 0) {
            return ready;
        }
        var old = fd;
        fd = new FileDescriptor(old.kernel(), result, owner);
        leftBehind = false;
        // First, since what is in it counts towards fs.epoll.max_user_watches.
        old.close();
        int lost = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (attachments[slot] != null
                    && control(Linux.EPOLL_CTL_ADD(), descriptors[slot], interests[slot], token(slot)) < 0
                    && lost < MAX_EVENTS) {
                events.set(JAVA_INT_UNALIGNED, at(lost) + LinuxExtras.EPOLL_EVENT_EVENTS,
                        Readiness.READABLE | Readiness.ERROR);
                events.set(JAVA_LONG_UNALIGNED, at(lost) + LinuxExtras.EPOLL_EVENT_DATA, token(slot));
                lost++;
            }
        }
        return lost;
    }

    private int awaitEvents(long timeoutNanos) throws SyscallException {
        if (nanosecondTimeouts) {
            timeout.set(JAVA_LONG, Layouts.TV_SEC, timeoutNanos / NANOS_PER_SECOND);
            timeout.set(JAVA_LONG, Layouts.TV_NSEC, timeoutNanos % NANOS_PER_SECOND);
            var limit = timeoutNanos < 0 ? MemorySegment.NULL : timeout;
            var result = fd.kernel().epollPwait2(fd.number(), events, MAX_EVENTS, limit);
            if (result >= 0 || result == -Linux.EINTR()) {
                return ready(result);
            }
            // ENOSYS of an old kernel, or any errno of a seccomp filter. What is wrong with both calls is thrown below.
            nanosecondTimeouts = false;
        }
        var millis = timeoutNanos < 0 ? -1 : Math.min(Integer.MAX_VALUE, Math.ceilDiv(timeoutNanos, 1_000_000));
        return ready(fd.kernel().epollWait(fd.number(), events, MAX_EVENTS, (int) millis));
    }

    private static int ready(int result) throws SyscallException {
        return result == -Linux.EINTR() ? 0 : SyscallErrors.check("epoll_wait", result);
    }

    /**
     * The attachment of an event.
     *
     * @param index 0 to one less than the result of {@link #await}
     * @return the object that was passed to {@code add}; null if the descriptor is no longer watched, which can happen
     * while events are being handled
     */
    public @Nullable Object attachment(int index) {
        var slot = slotOf(events.get(JAVA_LONG_UNALIGNED, at(index) + LinuxExtras.EPOLL_EVENT_DATA));
        return slot < 0 ? null : attachments[slot];
    }

    /**
     * The readiness that an event reports.
     *
     * @param index 0 to one less than the result of {@link #await}
     * @return bits of {@link Readiness}
     */
    public int readiness(int index) {
        return events.get(JAVA_INT_UNALIGNED, at(index) + LinuxExtras.EPOLL_EVENT_EVENTS);
    }

    private static long at(int index) {
        return (long) index * LinuxExtras.EPOLL_EVENT_SIZE;
    }

    private long token(int slot) {
        return (long) generations[slot] << 32 | slot;
    }

    /** The slot of a token, or -1 if the slot has since been freed. */
    private int slotOf(long token) {
        var slot = (int) token;
        return slot >= 0 && slot < slots && token == token(slot) ? slot : -1;
    }

    private int allocateSlot() {
        if (firstFree >= 0) {
            var slot = firstFree;
            firstFree = nextFree[slot];
            return slot;
        }
        if (slots == attachments.length) {
            attachments = Arrays.copyOf(attachments, slots * 2);
            descriptors = Arrays.copyOf(descriptors, slots * 2);
            interests = Arrays.copyOf(interests, slots * 2);
            generations = Arrays.copyOf(generations, slots * 2);
            nextFree = Arrays.copyOf(nextFree, slots * 2);
        }
        return slots++;
    }

    private void freeSlot(int slot) {
        attachments[slot] = null;
        generations[slot]++;
        nextFree[slot] = firstFree;
        firstFree = slot;
    }

    /**
     * Closes the poller; the watched descriptors stay open. A second call does nothing.
     *
     * @throws WrongThreadException if the caller is not the owner
     */
    @Override
    public void close() {
        fd.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
