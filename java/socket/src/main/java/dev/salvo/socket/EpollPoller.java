package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.HandWritten;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.Layouts;
import dev.salvo.socket.internal.SyscallErrors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Waits for many descriptors at once (epoll(7)), level-triggered.
 *
 * <p>epoll remembers an open file, not a number: where a descriptor has a duplicate, here or in another process, events
 * of a closed one go on. So what it is given with each is not the number but a token, a slot of a table together with
 * the generation of that slot; an event of a slot that was given up, or given to another since, is not told.
 */
public final class EpollPoller implements AutoCloseable {

    private static final int MAX_EVENTS = 256;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Arena arena = Arena.ofConfined();
    private final FileDescriptor fd;
    private final MemorySegment events = arena.allocate((long) MAX_EVENTS * HandWritten.EPOLL_EVENT_SIZE, Long.BYTES);
    private final MemorySegment event = arena.allocate(HandWritten.EPOLL_EVENT_SIZE, Long.BYTES);
    private final MemorySegment timeout = arena.allocate(Layouts.TIMESPEC, Long.BYTES);
    private boolean nanosecondTimeouts = true;

    /** By slot: what was attached, or null for a free one; how often it was given up; the next free one. */
    private @Nullable Object[] attachments = new Object[16];

    private int[] generations = new int[16];
    private int[] nextFree = new int[16];
    private int firstFree = -1;
    private int slots;

    private EpollPoller(FileDescriptor fd) {
        this.fd = fd;
    }

    /**
     * Opens a poller.
     *
     * @return a poller that belongs to the calling thread
     * @throws SyscallException EMFILE or ENFILE if there are too many descriptors
     */
    public static EpollPoller open() throws SyscallException {
        var kernel = Kernels.current();
        var fd = SyscallErrors.check("epoll_create1", kernel.epollCreate1(Linux.EPOLL_CLOEXEC()));
        return new EpollPoller(new FileDescriptor(kernel, fd));
    }

    /**
     * Watches a socket.
     *
     * @param socket an open socket, not watched by this poller yet
     * @param interest bits of {@link Readiness}
     * @param attachment what {@link #attachment} gives for its events
     * @return the token for {@link #modify} and {@link #remove}
     * @throws SyscallException EEXIST if it is watched already, ENOSPC or ENOMEM
     */
    public long add(UdpSocket socket, int interest, Object attachment) throws SyscallException {
        return add(socket.fileDescriptor(), interest, attachment);
    }

    /**
     * Watches an eventfd for signals.
     *
     * @param eventFd an open one, not watched by this poller yet
     * @param attachment what {@link #attachment} gives for its events
     * @return the token for {@link #remove}
     * @throws SyscallException EEXIST if it is watched already, ENOSPC or ENOMEM
     */
    public long add(EventFd eventFd, Object attachment) throws SyscallException {
        return add(eventFd.fileDescriptor(), Readiness.READABLE, attachment);
    }

    private long add(FileDescriptor watched, int interest, Object attachment) throws SyscallException {
        // Both asked before a slot is taken.
        fd.requireOwner();
        watched.number();
        var slot = allocateSlot();
        var token = token(slot);
        var result = control(Linux.EPOLL_CTL_ADD(), watched, interest, token);
        if (result < 0) {
            freeSlot(slot);
        }
        SyscallErrors.check("epoll_ctl", result);
        attachments[slot] = attachment;
        return token;
    }

    /**
     * Changes what is waited for.
     *
     * @param socket a watched socket
     * @param interest bits of {@link Readiness}
     * @param token what {@code add} returned
     * @throws SyscallException ENOENT if it is not watched
     */
    public void modify(UdpSocket socket, int interest, long token) throws SyscallException {
        SyscallErrors.check("epoll_ctl", control(Linux.EPOLL_CTL_MOD(), socket.fileDescriptor(), interest, token));
    }

    /**
     * Watches a socket no longer: to be called before it is closed. Events that were already fetched are not told.
     *
     * @param socket a watched socket that is still open
     * @param token what {@code add} returned
     * @throws SyscallException ENOENT if it is not watched
     * @throws IllegalStateException if it is closed; its events are not told any more even so
     */
    public void remove(UdpSocket socket, long token) throws SyscallException {
        fd.requireOwner();
        // First, so that a socket that was closed already is not told any more either.
        if (slotOf(token) >= 0) {
            freeSlot((int) token);
        }
        SyscallErrors.check("epoll_ctl", control(Linux.EPOLL_CTL_DEL(), socket.fileDescriptor(), 0, token));
    }

    private int control(int operation, FileDescriptor watched, int interest, long token) {
        event.set(JAVA_INT_UNALIGNED, HandWritten.EPOLL_EVENT_EVENTS, interest);
        event.set(JAVA_LONG_UNALIGNED, HandWritten.EPOLL_EVENT_DATA, token);
        return fd.kernel().epollCtl(fd.number(), operation, watched.number(), event);
    }

    /**
     * Waits until something is ready.
     *
     * @param timeoutNanos how long at the most: 0 not to wait, negative for ever. Kernels before 5.11 count
     *     milliseconds, and are asked for the next whole one
     * @return how many events there are, up to 256; 0 if the time ran out or a signal came
     * @throws SyscallException EBADF and its kin: never in the ordinary course
     */
    public int await(long timeoutNanos) throws SyscallException {
        if (nanosecondTimeouts) {
            timeout.set(JAVA_LONG, Layouts.TV_SEC, timeoutNanos / NANOS_PER_SECOND);
            timeout.set(JAVA_LONG, Layouts.TV_NSEC, timeoutNanos % NANOS_PER_SECOND);
            var limit = timeoutNanos < 0 ? MemorySegment.NULL : timeout;
            var result = fd.kernel().epollPwait2(fd.number(), events, MAX_EVENTS, limit);
            // A seccomp filter that does not know the call may answer EPERM.
            if (result != -Linux.ENOSYS() && result != -Linux.EPERM()) {
                return ready(result);
            }
            nanosecondTimeouts = false;
        }
        var millis = timeoutNanos < 0 ? -1 : Math.min(Integer.MAX_VALUE, Math.ceilDiv(timeoutNanos, 1_000_000));
        return ready(fd.kernel().epollWait(fd.number(), events, MAX_EVENTS, (int) millis));
    }

    private static int ready(int result) throws SyscallException {
        return result == -Linux.EINTR() ? 0 : SyscallErrors.check("epoll_wait", result);
    }

    /**
     * What an event belongs to.
     *
     * @param index 0 to one less than {@link #await} returned
     * @return what was attached; null if it is no longer watched, which may happen while events are being handled
     */
    public @Nullable Object attachment(int index) {
        var slot = slotOf(events.get(JAVA_LONG_UNALIGNED, at(index) + HandWritten.EPOLL_EVENT_DATA));
        return slot < 0 ? null : attachments[slot];
    }

    /**
     * What an event tells.
     *
     * @param index 0 to one less than {@link #await} returned
     * @return bits of {@link Readiness}
     */
    public int readiness(int index) {
        return events.get(JAVA_INT_UNALIGNED, at(index) + HandWritten.EPOLL_EVENT_EVENTS);
    }

    private static long at(int index) {
        return (long) index * HandWritten.EPOLL_EVENT_SIZE;
    }

    private long token(int slot) {
        return (long) generations[slot] << 32 | slot;
    }

    /** The slot of a token, or -1 if the slot is another's by now. */
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

    /** Closes the descriptor; what was watched stays open. A second call does nothing. */
    @Override
    public void close() {
        fd.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
