package dev.salvo.socket;

import java.lang.foreign.MemorySegment;

/** Tells the kernel where the bytes of messages are: in a store's region, or in what it has borrowed. */
final class Description {

    private final MemorySegment region;
    private final Loan loan;

    Description(MemorySegment region, Loan loan) {
        this.region = region;
        this.loan = loan;
    }

    /** A message as one, which the kernel takes apart if it has several datagrams. */
    void whole(OutgoingMessage message, MessageTable table) {
        var first = message.first;
        if (message.options == null && message.datagrams == 1) {
            plain(message, table, first, 0, first.length);
            return;
        }
        int vectors = 0;
        for (var piece = first; piece != null; piece = piece.next) {
            table.vector(memory(piece), start(piece), piece.length);
            vectors++;
        }
        table.put(message, vectors, message.datagrams > 1 ? message.segmentSize : 0);
    }

    /** Each datagram of a message as a message of its own. */
    void oneByOne(OutgoingMessage message, MessageTable table) {
        int done = 0;
        for (var piece = message.first; piece != null; piece = piece.next) {
            int length;
            for (int at = 0; at < piece.length; at += length) {
                length = message.length(done++);
                if (message.options == null) {
                    plain(message, table, piece, at, length);
                } else {
                    table.vector(memory(piece), start(piece) + at, length);
                    table.put(message, 1, 0);
                }
            }
        }
    }

    private void plain(OutgoingMessage message, MessageTable table, Piece piece, int at, int length) {
        table.putPlain(message.destination.address, memory(piece), start(piece) + at, length);
    }

    private MemorySegment memory(Piece piece) {
        return piece.isBorrowed() ? loan.memory() : region;
    }

    private static long start(Piece piece) {
        return piece.isBorrowed() ? piece.source : piece.offset;
    }
}
