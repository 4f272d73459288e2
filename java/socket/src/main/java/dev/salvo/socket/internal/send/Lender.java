package dev.salvo.socket.internal.send;

import java.lang.foreign.MemorySegment;

/** A receive batch whose payload may be sent from where it was received, until its memory is used again. */
public interface Lender {

    /** The memory that holds the payload; always the same segment. */
    MemorySegment payload();

    /** Whether these bytes are the whole current datagram, of a message that holds others, too. */
    boolean isWholeOfMany(long offset, int length);

    /** Throws if the caller is another thread or the batch is closed. */
    void requireUsable();

    /** Has {@link Outbox#endLoan} of the borrower called once, before the memory is used again. */
    void lendTo(Outbox borrower);
}
