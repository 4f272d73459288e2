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
 * What the harness reads while a peer runs: a mapped file of two numbers, in the order of this machine. One thread
 * counts.
 */
final class Counter {

    /** How many datagrams may go by uncounted. */
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

    /** Datagrams that were received, or taken by the kernel, so far. */
    void done(long total) {
        memory.setAtIndex(JAVA_LONG, 0, total);
    }

    /** Datagrams that failed, or that the program gave up, so far. */
    void failed(long total) {
        memory.setAtIndex(JAVA_LONG, 1, total);
    }
}
