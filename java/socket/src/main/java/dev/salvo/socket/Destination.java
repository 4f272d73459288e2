package dev.salvo.socket;

import org.jspecify.annotations.Nullable;

/**
 * A destination of a {@link SendBatch}, and the message that its next datagram may join. Order for each destination is
 * kept because a datagram joins the latest message of its destination, or starts a later one.
 */
final class Destination {

    /** What a message belongs to before its first use. */
    static final Destination NONE = new Destination();

    final SockAddr address = SockAddr.view();
    @Nullable
    OutgoingMessage latest;
    /** The next destination in the same bucket of the table. */
    @Nullable
    Destination chain;

    boolean is(SockAddr otherAddress) {
        return address.equals(otherAddress);
    }
}
