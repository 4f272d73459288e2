package dev.salvo.socket;

import dev.salvo.socket.internal.FileDescriptor;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The error queue of a socket (MSG_ERRQUEUE of recv(2), IP_RECVERR of ip(7)), read so that it neither fills the receive
 * buffer, to which its entries are charged, nor keeps epoll reporting EPOLLERR. What ICMP told is kept for
 * {@link UdpSocket#nextError}, what became of sends for {@link UdpSocket#nextCompletion}.
 */
final class ErrorQueue {

    /** Entries for one drain: a flood of ICMP must not hold up the loop. */
    static final int DRAIN_LIMIT = 256;
    /**
     * Of each kind, how many wait for somebody to ask: nobody may ever, and anyone on the path can send ICMP errors.
     */
    static final int KEPT = 256;

    private final FileDescriptor fd;
    private final Counters counters;
    private final OptionCalls options;
    private final ErrorEntry entry;
    private final ArrayDeque<SocketError> errors = new ArrayDeque<>();
    private final ArrayDeque<Completion> completions = new ArrayDeque<>();

    ErrorQueue(FileDescriptor fd, Counters counters, OptionCalls options, Arena arena) {
        this.fd = fd;
        this.counters = counters;
        this.options = options;
        entry = new ErrorEntry(arena);
    }

    /**
     * Reads entries until there are none, or {@link #DRAIN_LIMIT} of them. Reading one makes the next one's error the
     * socket's pending error (sock_dequeue_err_skb of net/core/skbuff.c), which would fail the next send; so a drain
     * that stops early reads SO_ERROR last, which clears it.
     *
     * @return the errno that SO_ERROR had then; 0 if the queue is empty
     */
    int drain() {
        int entries = 0;
        while (entries < DRAIN_LIMIT && entry.read(fd)) {
            entries++;
            keep();
        }
        counters.errorQueueEntries += entries;
        return entries == DRAIN_LIMIT ? options.takePendingError() : 0;
    }

    private void keep() {
        if (entry.controlTruncated()) {
            counters.controlTruncated++;
        }
        if (entry.isIcmp()) {
            counters.icmpErrors++;
            keepError();
        } else if (entry.isCompletion()) {
            if (completions.size() < KEPT) {
                completions.add(entry.toCompletion());
            } else {
                counters.completionsDropped++;
            }
        }
    }

    private void keepError() {
        var error = errors.size() < KEPT ? entry.toSocketError() : null;
        SocketEvents.error(entry, error);
        if (error != null) {
            errors.add(error);
        } else {
            counters.icmpErrorsDropped++;
        }
    }

    /** The oldest error that was not asked for yet. */
    @Nullable
    SocketError next() {
        fd.number();
        return errors.poll();
    }

    /** The oldest completion that was not asked for yet. */
    @Nullable
    Completion nextCompletion() {
        fd.number();
        return completions.poll();
    }
}
