package dev.salvo.socket.internal.descriptor;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.observe.Counters;
import dev.salvo.socket.internal.observe.SocketEvents;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The error queue of a socket (MSG_ERRQUEUE of recv(2), IP_RECVERR of ip(7)).
 *
 * <p>
 * It is drained so that it neither fills the receive buffer, to which its entries are charged, nor keeps epoll
 * reporting EPOLLERR. ICMP errors and transmit timestamps are kept until the program asks for them.
 *
 * @param <E> the type of an ICMP error
 * @param <T> the type of a transmit timestamp
 */
public final class ErrorQueue<E, T> {

    /** The most entries read by one drain, since a flood of ICMP errors must not hold up the event loop. */
    static final int DRAIN_LIMIT = 256;
    /**
     * The most entries of each kind that are kept. A program may never ask for them, and anyone on the path can send
     * ICMP errors.
     */
    static final int KEPT = 256;

    private static final List<SockOpt<Boolean>> RECVERR = List.of(IpOptions.RECVERR, Ipv6Options.RECVERR);

    private final FileDescriptor fd;
    private final Counters counters;
    private final OptionCalls options;
    private final ErrorEntry entry;
    private final Function<ErrorEntry, E> toError;
    private final Function<ErrorEntry, T> toTimestamp;
    private final ArrayDeque<E> errors = new ArrayDeque<>();
    private final ArrayDeque<T> timestamps = new ArrayDeque<>();
    /** Why the last drain could not read the queue; 0 if it could. */
    private int refusal;
    /** The options that {@link #suspend} turned off. */
    private final List<SockOpt<Boolean>> suspended = new ArrayList<>();

    /** {@code toError} makes an object of an ICMP error, and {@code toTimestamp} of a transmit timestamp. */
    public ErrorQueue(FileDescriptor fd, Counters counters, OptionCalls options, Arena arena,
            Function<ErrorEntry, E> toError, Function<ErrorEntry, T> toTimestamp) {
        this.fd = fd;
        this.counters = counters;
        this.options = options;
        this.toError = toError;
        this.toTimestamp = toTimestamp;
        entry = new ErrorEntry(arena);
    }

    /**
     * Reads entries until there are none, or {@link #DRAIN_LIMIT} of them. Reading one makes the next one's error the
     * socket's pending error (sock_dequeue_err_skb of net/core/skbuff.c), which would fail the next send. So a drain
     * that stops early reads SO_ERROR last, which clears it.
     *
     * @return the errno that SO_ERROR had then; 0 if the drain did not stop early
     */
    public int drain() {
        int entries = 0;
        int result = 0;
        while (entries < DRAIN_LIMIT && result == 0) {
            result = entry.read(fd);
            if (result == 0) {
                entries++;
                keep();
            }
        }
        counters.errorQueueEntries += entries;
        refusal = result == -Linux.EAGAIN() ? 0 : -result;
        return entries == DRAIN_LIMIT ? takePendingError() : 0;
    }

    /**
     * Drains the queue, and then clears the pending error.
     *
     * @return the errno that was still pending; 0 if there was none
     * @throws SyscallException if the queue can't be read, and no error was pending: so the queue is why epoll reports
     *     EPOLLERR, and it will do so for ever
     */
    public int drainAndClear() throws SyscallException {
        var atTheLimit = drain();
        var pending = atTheLimit != 0 ? atTheLimit : takePendingError();
        if (pending == 0 && refusal != 0) {
            throw new SyscallException("recvmsg", "from the error queue", refusal);
        }
        return pending;
    }

    /**
     * Turns RECVERR off until {@link #resume}. On a socket without a peer, ICMP errors then do not become pending
     * (__udp4_lib_err of net/ipv4/udp.c), so a call that fails has failed by itself. The kernel discards the entries in
     * the queue and those that would be added until then. The pending error is cleared.
     */
    public void suspend() {
        for (var option : RECVERR) {
            if (options.isOn(option) && set(option, false)) {
                suspended.add(option);
            }
        }
        options.takePendingError();
    }

    /** Turns on again what {@link #suspend} turned off. */
    public void resume() {
        for (var option : suspended) {
            set(option, true);
        }
        suspended.clear();
    }

    private boolean set(SockOpt<Boolean> option, boolean on) {
        try {
            options.set(option, on);
            return true;
        } catch (SyscallException e) {
            // A seccomp filter refuses setsockopt.
            return false;
        }
    }

    /** A seccomp filter may refuse getsockopt. If it refuses recvmsg too, that errno says nothing of the socket. */
    private int takePendingError() {
        var pending = options.takePendingError();
        if (pending >= 0) {
            return pending;
        }
        if (refusal != 0) {
            return 0;
        }
        var errno = -entry.takePendingError(fd);
        return Errno.isRaisedByIcmp(errno) ? errno : 0;
    }

    private void keep() {
        if (entry.controlTruncated()) {
            counters.controlTruncated++;
        }
        if (entry.isIcmp()) {
            counters.icmpErrors++;
            var event = SocketEvents.icmpError();
            if (event != null) {
                entry.fill(event);
                event.commit();
            }
            if (errors.size() < KEPT) {
                errors.add(toError.apply(entry));
            } else {
                counters.icmpErrorsDropped++;
            }
        } else if (entry.isTimestamp()) {
            if (timestamps.size() < KEPT) {
                timestamps.add(toTimestamp.apply(entry));
            } else {
                counters.timestampsDropped++;
            }
        }
    }

    /** The oldest ICMP error that the program has not asked for yet. */
    public @Nullable E nextError() {
        fd.number();
        return errors.poll();
    }

    /** The oldest transmit timestamp that the program has not asked for yet. */
    public @Nullable T nextTimestamp() {
        fd.number();
        return timestamps.poll();
    }
}
