package dev.salvo.bench;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The counters that the harness reads while a peer runs: a mapped file of two 64-bit numbers in native byte order. Only
 * one thread writes them.
 */
final class Counter {

    /** A peer updates its counter at least once in this many datagrams. */
    static final int STRIDE = 64;

    private final MemorySegment memory;

    private Counter(MemorySegment memory) {
        this.memory = memory;
    }

    static Counter map(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return new Counter(channel.map(MapMode.READ_WRITE, 0, 2 * JAVA_LONG.byteSize(), Arena.global()));
        }
    }

    /** Sets how many datagrams were received, or accepted by the kernel for sending, so far. */
    void done(long total) {
        memory.setAtIndex(JAVA_LONG, 0, total);
    }

    /** Sets how many datagrams failed, or were dropped by the program, so far. */
    void failed(long total) {
        memory.setAtIndex(JAVA_LONG, 1, total);
    }
}
