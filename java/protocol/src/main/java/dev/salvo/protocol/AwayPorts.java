package dev.salvo.protocol;

import dev.salvo.socket.SyscallException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports that send turn after turn, while the loop waits for nothing, and have nothing to receive: they are out of
 * epoll's set for as long, and poll(2) looks once a turn whether they are to go back.
 *
 * <p>A socket in an epoll set pays for it with each message that it sends: when the kernel frees it, it tells whoever
 * waits for room (sock_wfree of net/core/sock.c), so epoll too, which takes its lock and finds that nobody asked
 * (ep_poll_callback of fs/eventpoll.c). That is 3 % of a C program which does nothing but send. poll(2) without time to
 * wait leaves nothing behind in the socket.
 */
final class AwayPorts {

    /** Turns in a row in which a port sends, after which it pays: out and in again are two system calls. */
    private static final int TURNS = 16;
    /** So many ports at the most: each takes a poll(2) a turn, and of many epoll tells in one call. */
    private static final int MOST = 4;
    /** While a port can't be put back the loop tries so often. */
    private static final long RETRY_NANOS = 10_000_000;

    private final Reactor reactor;
    private final List<PollEntry> entries = new ArrayList<>();
    /** The number of this turn; a wait leaves one out, so that no turns before and after it are in a row. */
    private long turn;

    AwayPorts(Reactor reactor) {
        this.reactor = reactor;
    }

    /**
     * Before each poll, which then tells of all that is to be told.
     *
     * @param nanos how long it is to wait; 0 not to, negative for ever
     * @param flushed the ports that sent something in this turn, as a rule
     * @return how long it may wait
     */
    long prepare(long nanos, List<UdpPort> flushed) {
        turn++;
        for (int i = 0; i < flushed.size(); i++) {
            flushed.get(i).poll().sent(turn);
        }
        putBack(nanos != 0);
        if (nanos != 0) {
            turn++;
            return entries.isEmpty() || (nanos > 0 && nanos < RETRY_NANOS) ? nanos : RETRY_NANOS;
        }
        for (int i = 0; i < flushed.size() && entries.size() < MOST; i++) {
            var entry = flushed.get(i).poll();
            if (!entry.isAway() && entry.turnsInARow() >= TURNS && !isReady(entry) && entry.leave()) {
                entries.add(entry);
            }
        }
        return 0;
    }

    private void putBack(boolean all) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            var entry = entries.get(i);
            if (all || !entry.hasSent(turn) || entry.waitsToSend() || isReady(entry)) {
                entry.comeBack();
            }
            if (!entry.isAway()) {
                entries.remove(i);
            }
        }
    }

    /** Whether there is something that epoll would tell; then the turns in a row begin anew. */
    private boolean isReady(PollEntry entry) {
        try {
            if (!entry.port().isClosed() && !entry.port().socket().awaitReadable(Duration.ZERO)) {
                return false;
            }
        } catch (SyscallException | IllegalStateException e) {
            reactor.log("polling a port", e);
        }
        entry.beginTurnsAnew();
        return true;
    }
}
