package dev.salvo.socket;

import java.lang.foreign.MemorySegment;

/** Tells the kernel where the bytes of messages are: in a store's region, or in what it has borrowed. */
final class Description {

    private final MemorySegment region;
    private final Pieces pieces;
    private final Loan loan;

    Description(MemorySegment region, Pieces pieces, Loan loan) {
        this.region = region;
        this.pieces = pieces;
        this.loan = loan;
    }

    /** A message as one, which the kernel takes apart if it has several datagrams. */
    void whole(OutgoingMessage message, MessageTable table) {
        int vectors = 0;
        for (int p = message.firstPiece; p != Pieces.NONE; p = pieces.next(p)) {
            vector(table, p, 0, pieces.length(p));
            vectors++;
        }
        table.put(message, vectors, message.datagrams > 1 ? message.segmentSize : 0);
    }

    /** Each datagram of a message as a message of its own. */
    void oneByOne(OutgoingMessage message, MessageTable table) {
        int done = 0;
        for (int p = message.firstPiece; p != Pieces.NONE; p = pieces.next(p)) {
            int length;
            for (int at = 0; at < pieces.length(p); at += length) {
                length = message.length(done++);
                vector(table, p, at, length);
                table.put(message, 1, 0);
            }
        }
    }

    /** So many bytes of a piece, wherever those are. */
    private void vector(MessageTable table, int piece, int at, int length) {
        var source = pieces.source(piece);
        if (source == Pieces.HERE) {
            table.vector(region, pieces.offset(piece) + at, length);
        } else {
            table.vector(loan.memory(), source + at, length);
        }
    }
}
