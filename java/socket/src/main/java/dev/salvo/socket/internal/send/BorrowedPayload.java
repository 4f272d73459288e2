package dev.salvo.socket.internal.send;

import dev.salvo.socket.internal.send.Pieces.Piece;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Payload that an {@link Outbox} has not copied, since it is usually sent before its lender receives again. */
final class BorrowedPayload {

    private final Outbox borrower;
    private @Nullable Lender lender;
    /**
     * Whether the lender knows the borrower: true from the first datagram on, even after all borrowed payload was sent.
     */
    private boolean active;

    BorrowedPayload(Outbox borrower) {
        this.borrower = borrower;
    }

    void lender(Lender newLender) {
        newLender.requireUsable();
        lender = newLender;
    }

    /**
     * Borrows a datagram of the lender's payload, if it came in one message with others and is added whole. Other
     * datagrams are to be copied, since one iovec for many of them costs the kernel less than one for each.
     *
     * @return its offset in {@link #memory}, or {@link Piece#NOT_BORROWED}
     */
    long take(long offset, int length) {
        var batch = Objects.requireNonNull(lender);
        if (length <= 0 || !batch.isWholeOfMany(offset, length)) {
            return Piece.NOT_BORROWED;
        }
        batch.requireUsable();
        if (!active) {
            batch.lendTo(borrower);
            active = true;
        }
        return offset;
    }

    /** How many of {@code bytes} the lender's payload has from {@code offset} on. */
    int room(long offset, int bytes) {
        return (int) Math.min(bytes, memory().byteSize() - offset);
    }

    /** Copies borrowed payload to its places in the region. Returns whether there may have been any. */
    boolean end(Pieces pieces, MemorySegment region) {
        if (!active) {
            return false;
        }
        pieces.copyBorrowed(memory(), region);
        active = false;
        return true;
    }

    /** The lender's payload. */
    MemorySegment memory() {
        return Objects.requireNonNull(lender).payload();
    }
}
