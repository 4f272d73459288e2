package dev.salvo.protocol;

import dev.salvo.socket.SyscallException;
import java.time.Duration;

/** A member leaves: it serves what the kernel has dealt to it, sends what it has written, and stops. On its thread. */
final class Departure {

    /**
     * A CPU that has chosen a member for a packet holds it for microseconds before it is in the member's queue; that of
     * a virtual machine may be stopped in between. SO_ATTACH_REUSEPORT_CBPF does not wait for those
     * (reuseport_attach_prog of net/core/sock_reuseport.c: the pointer is exchanged, and no grace period awaited). All
     * of it happens within one reader's section of RCU, so that membarrier(2) with MEMBARRIER_CMD_GLOBAL, which is
     * synchronize_rcu (kernel/sched/membarrier.c), would be exact; but it is EINVAL on a kernel with nohz_full, and
     * seccomp filters lack it, so that this would be needed all the same.
     */
    static final Duration AFTERMATH = Duration.ofMillis(250);

    /** What is sent to multicast groups comes without end, and a send queue may never empty. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Duration AGAIN = Duration.ofMillis(1);

    private final GroupMember member;
    private final Reactor reactor;
    private final double limit;

    Departure(GroupMember member) {
        this.member = member;
        reactor = member.reactor();
        limit = reactor.seconds() + LIMIT.toMillis() / 1000.0;
    }

    /** To be called when the kernel deals the member nothing more. */
    void begin() {
        reactor.callLater(AFTERMATH, this::look);
    }

    private void look() {
        if (reactor.seconds() < limit && isBusy()) {
            reactor.callLater(AGAIN, this::look);
        } else {
            reactor.stop();
        }
    }

    /** Whether there is something to receive, or to send that the kernel would not take so far. */
    private boolean isBusy() {
        try {
            for (var port : member.ports()) {
                if (port.isListening() && (port.isSending() || port.socket().awaitReadable(Duration.ZERO))) {
                    return true;
                }
            }
            return false;
        } catch (SyscallException | RuntimeException e) {
            // ENOMEM, or a protocol has closed the socket under its port: nobody would look again.
            reactor.logAlways("a member leaves without looking for what it still has", e);
            return false;
        }
    }
}
