package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.FileDescriptor;

/**
 * Sends a batch, and finds out which datagram an error belongs to.
 *
 * <p>A failed sendmmsg need not be about the message that it stopped at: an ICMP error that was pending on the socket
 * fails whatever is sent next, and is gone by that. So the same message is tried again, before the error queue is read
 * (which would make the next entry pending), and only a failure that stays is the message's own. The steps:
 *
 * <ul> <li>A short count is no error; go on from the first message that was not taken. <li>EAGAIN: keep the rest.
 * <li>Any other errno: again, up to {@link #ICMP_REPEATS} times if ICMP can raise it, once if not. <li>ENOBUFS and
 * ENOMEM that stay: keep the rest, the caller tries again later. <li>A joined message that stays refused was not sent
 * at all: its datagrams go one by one. Only if one of them is then taken was joining at fault, and
 * {@link SegmentLimits} learns it. <li>A datagram that stays refused has failed; on with the next. </ul>
 */
final class SendRun {

    private static final int FLAGS = Linux.MSG_DONTWAIT();

    private static final int ICMP_REPEATS = 3;
    /**
     * How often a message may find no buffers before that is its own fault: a datagram whose fragments exceed twice
     * SO_SNDBUF never finds any (__ip_append_data of net/ipv4/ip_output.c), and would hold up all behind it for ever.
     */
    private static final int BUFFER_STOPS = 20;
    /** What every path carries of IPv6: 1,280 bytes less headers. A segment of that size is never too large for it. */
    private static final int ALWAYS_FITS = 1232;

    /**
     * Messages for one call if any is to be stamped. Timestamps are charged to the receive buffer, about 830 bytes each
     * on Linux 6.18, so that the 1,024 of a full batch would fill the usual one four times over: the later ones would
     * be lost (sock_queue_err_skb of net/core/skbuff.c), and what peers send meanwhile.
     */
    private static final int STAMPED_CALL = 64;

    private final FileDescriptor fd;
    private final Counters counters;
    private final ErrorQueue errorQueue;
    private final SegmentLimits limits;
    /** Whether this kernel has UDP_SEGMENT: without it a joined message would arrive as one datagram. */
    private final boolean segmentation;

    private int done;
    private int repeats;

    SendRun(FileDescriptor fd, Counters counters, ErrorQueue errorQueue, SegmentLimits limits, boolean segmentation) {
        this.fd = fd;
        this.counters = counters;
        this.errorQueue = errorQueue;
        this.limits = limits;
        this.segmentation = segmentation;
    }

    /** Sends until all is done or the kernel says to wait: how many datagrams were sent or failed. */
    int send(SendBatch batch) {
        var store = batch.store();
        // Both asked before anything is changed, also when there is nothing to send.
        fd.number();
        store.requireUsable();
        done = 0;
        repeats = 0;
        batch.stoppedBy(0);
        var event = SocketEvents.flushing(counters);
        store.describeJoined();
        while (!store.joined.isEmpty()) {
            if (store.single.isEmpty() && heldBack(store.head())) {
                takeApart(batch, 0);
            }
            var table = store.single.isEmpty() ? store.joined : store.single;
            var count = table == store.joined ? joinableRun(store) : table.end - table.next;
            if (store.stamped) {
                count = Math.min(count, STAMPED_CALL);
            }
            counters.sendCalls++;
            var result = table.send(fd, count, FLAGS);
            if (result > 0) {
                taken(batch, table, result);
                if (result < count || repeats > 0 || store.stamped) {
                    errorQueue.drain();
                }
                repeats = 0;
            } else if (!refused(batch, table, -result)) {
                break;
            }
        }
        if (event != null) {
            SocketEvents.flushed(event, fd, counters, batch.stoppedBy());
        }
        return done;
    }

    private boolean heldBack(OutgoingMessage message) {
        return message.datagrams > 1
                && (!segmentation
                        || (!limits.isEmpty() && limits.of(message.destination.address) < message.segmentSize));
    }

    /** How many messages from the first on may go as they are. */
    private int joinableRun(MessageStore store) {
        var table = store.joined;
        if (segmentation && limits.isEmpty()) {
            return table.end - table.next;
        }
        int end = table.next + 1;
        while (end < table.end && !heldBack(store.message(end))) {
            end++;
        }
        return end - table.next;
    }

    private void taken(SendBatch batch, MessageTable table, int messages) {
        batch.stopsOfHead = 0;
        counters.messagesSent += messages;
        int datagrams = 0;
        int bytes = 0;
        if (table == batch.store().joined) {
            for (int i = table.next; i < table.next + messages; i++) {
                var message = batch.store().message(i);
                message.open = false;
                datagrams += message.datagrams;
                bytes += message.bytes;
            }
        } else {
            var message = batch.store().head();
            for (int i = table.next; i < table.next + messages; i++) {
                bytes += message.length(i);
            }
            datagrams = messages;
            batch.singlesTaken += messages;
        }
        counters.datagramsSent += datagrams;
        counters.bytesSent += bytes;
        settle(batch, table, messages, datagrams, bytes);
    }

    private void settle(SendBatch batch, MessageTable table, int messages, int datagrams, int bytes) {
        table.next += messages;
        done += datagrams;
        batch.store().settle(datagrams, bytes);
        if (table == batch.store().single && table.isEmpty()) {
            learn(batch);
            batch.store().joined.next++;
        }
    }

    /** Whether to go on after an error. */
    private boolean refused(SendBatch batch, MessageTable table, int errno) {
        // 0 messages without an errno does not happen; if it did, going on would be a busy loop.
        if (errno == Linux.EAGAIN() || errno == 0) {
            counters.sendsBlocked++;
            batch.stoppedBy(Linux.EAGAIN());
            return false;
        }
        if (repeats < (Errno.isRaisedByIcmp(errno) ? ICMP_REPEATS : 1)) {
            repeats++;
            counters.sendsRepeated++;
            return true;
        }
        repeats = 0;
        errorQueue.drain();
        if ((errno == Linux.ENOBUFS() || errno == Linux.ENOMEM()) && ++batch.stopsOfHead <= BUFFER_STOPS) {
            counters.sendsWithoutBuffers++;
            batch.stoppedBy(errno);
            return false;
        }
        batch.stopsOfHead = 0;
        var message = batch.store().head();
        if (table == batch.store().joined && message.datagrams > 1) {
            counters.coalescingFallbacks++;
            SocketEvents.fallback(message, errno);
            takeApart(batch, errno);
        } else {
            var length = message.length(table == batch.store().single ? table.next : 0);
            counters.datagramsFailed++;
            if (errno == Linux.EPERM()) {
                counters.datagramsForbidden++;
            }
            message.open = false;
            batch.failed(message, length, errno);
            settle(batch, table, 1, 1, length);
        }
        return true;
    }

    private void takeApart(SendBatch batch, int errno) {
        batch.joinedErrno = errno;
        batch.singlesTaken = 0;
        batch.store().describeSingle();
    }

    /** Joining was at fault if single datagrams pass where the joined message did not. */
    private void learn(SendBatch batch) {
        if (batch.singlesTaken == 0) {
            return;
        }
        var message = batch.store().head();
        // Older kernels say EINVAL of a segment over the MTU too (udp_send_skb of net/ipv4/udp.c).
        var einval = batch.joinedErrno == Linux.EINVAL();
        if (batch.joinedErrno == Linux.EMSGSIZE() || (einval && message.segmentSize > ALWAYS_FITS)) {
            limits.learn(message.destination.address.copy(), message.segmentSize - 1);
        } else if (batch.joinedErrno == Linux.EIO() || einval) {
            limits.learn(message.destination.address.copy(), 0);
        }
    }
}
