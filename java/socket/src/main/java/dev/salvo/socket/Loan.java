package dev.salvo.socket;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MessageStore} has not copied, since it lies in a receive batch that is not received into before it is
 * sent, as a rule.
 */
// The very segment is meant: whoever has made another of the same memory may write to that.
@SuppressWarnings("MemorySegmentReferenceEquality")
final class Loan {

    private final MessageStore borrower;
    private @Nullable ReceiveBatch lender;
    /** Whether the lender knows the borrower: from the first datagram on, also when what was borrowed is sent. */
    private boolean active;

    Loan(MessageStore borrower) {
        this.borrower = borrower;
    }

    void lender(ReceiveBatch batch) {
        batch.requireUsable();
        lender = batch;
    }

    boolean isOf(Object payload) {
        return lender != null && lender.payload() == payload;
    }

    /**
     * Borrows a datagram that came in one message with others and is added whole. Others are copied: one vector for
     * many of them costs the kernel less than one for each.
     *
     * @return where it is, or {@link Piece#HERE} if it is not borrowed
     */
    long take(Object payload, long offset, int length) {
        var batch = lender;
        if (batch == null || length <= 0 || batch.payload() != payload || !batch.isWholeOfMany(offset, length)) {
            return Piece.HERE;
        }
        batch.requireUsable();
        if (!active) {
            active = true;
            batch.borrowers.add(borrower);
        }
        return offset;
    }

    /** How many of so many bytes there are from an offset on in what is borrowed; all, of what is not. */
    int room(long source, int bytes) {
        return source == Piece.HERE ? bytes : (int) Math.min(bytes, memory().byteSize() - source);
    }

    /** Copies what is borrowed to its places in the region: whether there may have been any. */
    boolean end(Pieces pieces, MemorySegment region) {
        if (!active) {
            return false;
        }
        pieces.takeOver(memory(), region);
        active = false;
        return true;
    }

    /** Where the sources of pieces are offsets. */
    MemorySegment memory() {
        return Objects.requireNonNull(lender).payload();
    }
}
