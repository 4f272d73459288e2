package dev.salvo.socket.internal.send;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.linux.Errno;
import dev.salvo.socket.internal.descriptor.ErrorQueue;
import dev.salvo.socket.internal.observe.Counters;
import dev.salvo.socket.internal.observe.SocketEvents;

/**
 * Sends a batch, and finds out which datagram an error belongs to.
 *
 * <p>
 * A failure of sendmmsg need not be about the message that it stopped at: if an ICMP error is pending on the socket,
 * the next send fails with it, whatever it sends, and the error is then cleared. So the same message is tried again,
 * before the error queue is read (which would make the next entry pending). Only a failure that persists is the
 * message's own. The steps:
 *
 * <ul>
 * <li>A short count is no error: go on from the first message that was not sent.
 * <li>EAGAIN: keep the rest.
 * <li>Any other errno: try again, up to {@link #ICMP_REPEATS} times if ICMP can cause it, once if not.
 * <li>If ICMP can cause it and it persists: anyone can forge ICMP errors, faster than a send clears them. So the
 * message is tried again with the error queue suspended. If it is refused twice with one errno then, the error is its
 * own: once may be for an error that was on its way. The messages behind it go one by one until the kernel accepts one,
 * which ends the suspension. After {@link #SUSPENSIONS} of them the send stops, as if the socket were full.
 * <li>ENOBUFS and ENOMEM that persist: keep the rest; the caller tries again later.
 * <li>A joined message that has no route fails whole, since its datagrams have none either.
 * <li>Any other joined message that is still refused was not sent at all: its datagrams are sent one by one. Only if
 * the kernel then accepts one of them was joining at fault, and {@link SegmentLimits} records it.
 * <li>A single datagram that is still refused has failed: go on with the next. One that is refused with the same errno
 * is not tried again before the queue is suspended, since peers choose where their answers go.
 * </ul>
 */
public final class BatchSender {

    private static final int FLAGS = Linux.MSG_DONTWAIT();

    private static final int ICMP_REPEATS = 3;
    /** How often a send suspends the error queue at most, since peers choose how many of their answers are refused. */
    private static final int SUSPENSIONS = 16;
    /**
     * How often a message may fail for lack of buffers before it is given up. A datagram whose fragments exceed twice
     * SO_SNDBUF always fails (__ip_append_data of net/ipv4/ip_output.c), and would hold up all messages behind it for
     * ever.
     */
    private static final int BUFFER_STOPS = 20;
    /**
     * The payload that fits into every IPv6 path: 1,280 bytes less the headers. A segment of this size is never too
     * large.
     */
    private static final int ALWAYS_FITS = 1232;

    /**
     * The most messages of one call if any message of the batch asks for a timestamp. Timestamps are charged to the
     * receive buffer, about 830 bytes each on Linux 6.18. The 1,024 timestamps of a full batch would fill a default
     * buffer four times over. The later ones would be lost (sock_queue_err_skb of net/core/skbuff.c), and so would
     * datagrams from peers.
     */
    private static final int STAMPED_CALL = 64;

    private final FileDescriptor fd;
    private final Counters counters;
    private final ErrorQueue<?, ?> errorQueue;
    private final SegmentLimits limits;
    /** Whether this kernel has UDP_SEGMENT: without it a joined message would arrive as one datagram. */
    private final boolean segmentation;
    /** Whether the socket has a UDP_SEGMENT of its own: whoever handed it over splits what is sent by it. */
    private final boolean splits;
    private int done;
    private int repeats;
    /** How often this send has suspended the error queue, and whether it is suspended now. */
    private int suspensions;
    private boolean suspended;
    /** The errno of the last try of a message while the error queue is suspended; 0 before the first. */
    private int refusal;
    /** The errno with which a datagram of this send failed last; 0 if none has failed. */
    private int failure;
    /**
     * The errno for which a message was tried again last, and that of the last error which was not the message's own.
     */
    private int repeatedErrno;
    private int clearedErrno;

    /** @param socketSegment the UDP_SEGMENT of the socket itself; -1 if this kernel has none */
    public BatchSender(FileDescriptor fd, Counters counters, ErrorQueue<?, ?> errorQueue, SegmentLimits limits,
            int socketSegment) {
        this.fd = fd;
        this.counters = counters;
        this.errorQueue = errorQueue;
        this.limits = limits;
        this.segmentation = socketSegment >= 0;
        this.splits = socketSegment > 0;
    }

    /**
     * Sends until all messages are done or the kernel accepts no more. Returns how many datagrams were sent or have
     * failed.
     */
    public int send(Outbox outbox) {
        // Both throw before anything is changed, also when there is nothing to send.
        fd.number();
        outbox.requireUsable();
        done = 0;
        repeats = 0;
        failure = 0;
        suspensions = 0;
        outbox.stoppedBy = 0;
        var event = SocketEvents.flushing(counters);
        outbox.describeJoined(splits);
        try {
            sendAll(outbox);
        } finally {
            resumeErrors();
        }
        outbox.reclaim();
        if (event != null) {
            SocketEvents.flushed(event, fd, counters, outbox.stoppedBy);
        }
        return done;
    }

    /** The last pending ICMP error that a send has met and cleared since this was last called; 0 if there was none. */
    public int takeClearedErrno() {
        fd.number();
        var cleared = clearedErrno;
        clearedErrno = 0;
        return cleared;
    }

    private void sendAll(Outbox outbox) {
        while (!outbox.joined.isEmpty()) {
            if (outbox.single.isEmpty() && mustSplit(outbox.head())) {
                outbox.splitHead(0);
            }
            var table = outbox.current();
            var count = table == outbox.joined ? joinableRun(outbox) : table.end - table.next;
            if (suspended) {
                count = 1;
            } else if (outbox.stamped) {
                count = Math.min(count, STAMPED_CALL);
            }
            counters.sendCalls++;
            var result = table.send(fd, count, FLAGS);
            if (result > 0) {
                if (repeats > 0 && Errno.isRaisedByIcmp(repeatedErrno)) {
                    clearedErrno = repeatedErrno;
                }
                resumeErrors();
                taken(outbox, table, result);
                if (result < count || repeats > 0 || outbox.stamped) {
                    errorQueue.drain();
                }
                repeats = 0;
                refusal = 0;
                if (suspensions == SUSPENSIONS && !outbox.joined.isEmpty()) {
                    outbox.stoppedBy = Linux.EAGAIN();
                    break;
                }
            } else if (!refused(outbox, table, -result)) {
                break;
            }
        }
    }

    private void resumeErrors() {
        if (suspended) {
            suspended = false;
            errorQueue.resume();
        }
    }

    private boolean mustSplit(OutgoingMessage message) {
        return message.datagrams > 1
                && (!segmentation
                        || (!limits.isEmpty() && limits.of(message.destination.address) < message.segmentSize));
    }

    /** How many messages, from the first unsent one on, may be sent as they are. */
    private int joinableRun(Outbox outbox) {
        var table = outbox.joined;
        if (segmentation && limits.isEmpty()) {
            return table.end - table.next;
        }
        int end = table.next + 1;
        while (end < table.end && !mustSplit(outbox.message(end))) {
            end++;
        }
        return end - table.next;
    }

    private void taken(Outbox outbox, MessageTable table, int messages) {
        outbox.stopsOfHead = 0;
        counters.messagesSent += messages;
        int datagrams = 0;
        int bytes = 0;
        if (table == outbox.joined) {
            for (int i = table.next; i < table.next + messages; i++) {
                var message = outbox.message(i);
                message.open = false;
                datagrams += message.datagrams;
                bytes += message.bytes;
            }
        } else {
            var message = outbox.head();
            for (int i = table.next; i < table.next + messages; i++) {
                bytes += message.length(i);
            }
            datagrams = messages;
            outbox.singlesTaken += messages;
        }
        counters.datagramsSent += datagrams;
        counters.bytesSent += bytes;
        advance(outbox, table, messages, datagrams, bytes);
    }

    private void advance(Outbox outbox, MessageTable table, int messages, int datagrams, int bytes) {
        table.next += messages;
        done += datagrams;
        outbox.settle(datagrams, bytes);
        if (table == outbox.single && table.isEmpty()) {
            learn(outbox);
            outbox.joined.next++;
        }
    }

    /** Handles an error, and returns whether to go on. */
    private boolean refused(Outbox outbox, MessageTable table, int errno) {
        // A result of 0 messages does not happen. If it did, going on would be a busy loop.
        if (errno == Linux.EAGAIN() || errno == 0) {
            counters.sendsBlocked++;
            outbox.stoppedBy = Linux.EAGAIN();
            return false;
        }
        if (mustTryAgain(errno)) {
            repeatedErrno = errno;
            counters.sendsRepeated++;
            return true;
        }
        if ((errno == Linux.ENOBUFS() || errno == Linux.ENOMEM()) && ++outbox.stopsOfHead <= BUFFER_STOPS) {
            counters.sendsWithoutBuffers++;
            outbox.stoppedBy = errno;
            return false;
        }
        outbox.stopsOfHead = 0;
        giveUp(outbox, table, errno);
        return true;
    }

    /** Whether the error may be another datagram's. If it persists, suspends the error queue to find out. */
    private boolean mustTryAgain(int errno) {
        if (suspended) {
            var again = errno != refusal && repeats < ICMP_REPEATS;
            refusal = again ? errno : 0;
            repeats = again ? repeats + 1 : 0;
            return again;
        }
        var icmp = Errno.isRaisedByIcmp(errno);
        if (errno != failure && repeats < (icmp ? ICMP_REPEATS : 1)) {
            repeats++;
            return true;
        }
        repeats = 0;
        refusal = 0;
        errorQueue.drain();
        if (icmp) {
            errorQueue.suspend();
            suspended = true;
            suspensions++;
        }
        return icmp;
    }

    /** Splits the joined message that the kernel has refused, or counts its datagrams as failed. */
    private void giveUp(Outbox outbox, MessageTable table, int errno) {
        var message = outbox.head();
        if (table == outbox.joined && message.datagrams > 1 && !isAboutRoute(errno)) {
            counters.coalescingFallbacks++;
            SocketEvents.fallback(message.destination.address, message.segmentSize, message.datagrams, errno);
            outbox.splitHead(errno);
            return;
        }
        failure = errno;
        int datagrams = table == outbox.joined ? message.datagrams : 1;
        int bytes = 0;
        for (int i = 0; i < datagrams; i++) {
            var length = message.length(table == outbox.single ? table.next : i);
            outbox.fail(length, errno);
            bytes += length;
        }
        counters.datagramsFailed += datagrams;
        if (errno == Linux.EPERM()) {
            counters.datagramsForbidden += datagrams;
        }
        advance(outbox, table, 1, datagrams, bytes);
    }

    /** Whether an errno says that there is no route, or that the route admits nothing, whatever its size. */
    private static boolean isAboutRoute(int errno) {
        return errno == Linux.ENETUNREACH() || errno == Linux.EHOSTUNREACH() || errno == Linux.EACCES();
    }

    /** Joining was at fault if the kernel accepts single datagrams after it refused the joined message. */
    private void learn(Outbox outbox) {
        if (outbox.singlesTaken == 0) {
            return;
        }
        var message = outbox.head();
        // For a segment over the MTU, older kernels return EINVAL too (udp_send_skb of net/ipv4/udp.c).
        var einval = outbox.joinedErrno == Linux.EINVAL();
        if (outbox.joinedErrno == Linux.EMSGSIZE() || (einval && message.segmentSize > ALWAYS_FITS)) {
            limits.learn(message.destination.address, message.segmentSize - 1);
        } else if (outbox.joinedErrno == Linux.EIO() || einval) {
            limits.learn(message.destination.address, 0);
        }
    }
}
