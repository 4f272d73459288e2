package dev.salvo.protocol;

import dev.salvo.socket.SyscallException;
import java.time.Duration;

/** A member leaves: it serves what the kernel has dealt to it, and stops. On its thread. */
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

    /** What is sent to groups, or to a connected port, comes without end. */
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

    private void look() throws SyscallException {
        var more = false;
        try {
            more = reactor.seconds() < limit && isReadable();
        } finally {
            // Also when it can't tell: somebody waits for the end.
            if (more) {
                reactor.callLater(AGAIN, this::look);
            } else {
                reactor.stop();
            }
        }
    }

    private boolean isReadable() throws SyscallException {
        for (var port : member.ports()) {
            if (port.isListening() && port.socket().awaitReadable(Duration.ZERO)) {
                return true;
            }
        }
        return false;
    }
}
