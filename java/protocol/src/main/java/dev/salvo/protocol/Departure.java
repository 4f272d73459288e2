package dev.salvo.protocol;

import dev.salvo.socket.SyscallException;
import java.time.Duration;

/** A member leaves: it serves what the kernel has dealt to it, and stops. On its thread. */
final class Departure {

    /**
     * A CPU that has chosen a member for a packet holds it for microseconds before it is in the member's queue; that of
     * a virtual machine may be stopped in between.
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
        if (reactor.seconds() < limit && isReadable()) {
            reactor.callLater(AGAIN, this::look);
        } else {
            reactor.stop();
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
