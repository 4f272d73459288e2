package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;
import dev.salvo.socket.internal.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The error queue of a socket (MSG_ERRQUEUE of recv(2), IP_RECVERR of ip(7)), read so that it neither fills the receive
 * buffer, to which its entries are charged, nor keeps epoll reporting EPOLLERR.
 */
final class ErrorQueue {

    /** Entries for one drain: a flood of ICMP must not hold up the loop. */
    static final int DRAIN_LIMIT = 256;

    private static final int CONTROL_ROOM = 256;
    private static final int FLAGS = Linux.MSG_ERRQUEUE() | Linux.MSG_DONTWAIT();

    private final FileDescriptor fd;
    private final Counters counters;
    private final OptionCalls options;
    private final MemorySegment message;

    ErrorQueue(FileDescriptor fd, Counters counters, OptionCalls options, Arena arena) {
        this.fd = fd;
        this.counters = counters;
        this.options = options;
        message = arena.allocate(Layouts.MMSGHDR, Long.BYTES);
        message.set(ADDRESS, Layouts.MSG_NAME, arena.allocate(SockAddr.ROOM, Long.BYTES));
        message.set(ADDRESS, Layouts.MSG_CONTROL, arena.allocate(CONTROL_ROOM, Long.BYTES));
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
        while (entries < DRAIN_LIMIT) {
            message.set(JAVA_INT, Layouts.MSG_NAMELEN, SockAddr.ROOM);
            message.set(JAVA_LONG, Layouts.MSG_CONTROLLEN, CONTROL_ROOM);
            if (fd.recvmsg(message, FLAGS) < 0) {
                break;
            }
            entries++;
        }
        counters.errorQueueEntries += entries;
        return entries == DRAIN_LIMIT ? options.takePendingError() : 0;
    }
}
