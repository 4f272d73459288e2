package dev.salvo.socket;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of a batch's region that holds whole datagrams, chained into a message. The bytes of a borrowed one are
 * still where they were received; its stretch of the region is kept free for them.
 */
final class Piece {

    /** The source of a piece that is not borrowed. */
    static final long HERE = -1;

    int offset;
    int length;
    /** Where the bytes are in what is borrowed, or {@link #HERE}. */
    long source;
    @Nullable
    Piece next;

    boolean isBorrowed() {
        return source != HERE;
    }
}
