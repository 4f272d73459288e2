package dev.salvo.socket;

import org.jspecify.annotations.Nullable;

/**
 * A destination of a {@link SendBatch}, and the message that its next datagram may join. Order for each destination is
 * kept because a datagram joins the latest message of its destination, or starts a later one.
 */
final class Destination {

    /** What a message belongs to before its first use. */
    static final Destination NONE = new Destination();

    private final SockAddr own = SockAddr.view();
    /** As it was given; of a view, which moves on, what it showed. */
    SockAddr address = own;
    @Nullable
    OutgoingMessage latest;
    /** The next destination in the same bucket of the table. */
    @Nullable
    Destination chain;

    /** The index of the bucket that it is in. */
    int bucket;

    void address(SockAddr given) {
        if (given.isView()) {
            own.load(given);
            address = own;
        } else {
            address = given;
        }
    }

    boolean is(SockAddr otherAddress) {
        return address == otherAddress || address.equals(otherAddress);
    }
}
