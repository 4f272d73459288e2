package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** The bytes of a datagram as a caller has them: a segment, or an array, whose segment would be an object for each. */
final class Payload {

    private Payload() {}

    static void copy(Object payload, long offset, MemorySegment to, long at, int length) {
        if (payload instanceof MemorySegment segment) {
            MemorySegment.copy(segment, offset, to, at, length);
        } else {
            MemorySegment.copy(payload, (int) offset, to, JAVA_BYTE, at, length);
        }
    }
}
