package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kernel refuses memory. A program that goes on loses no memory, and no datagram. */
@Tag("fault")
class BatchWithoutMemoryTest {

    /** 64 slots have 40 kB of headers and control messages. */
    private static final int TRIES = 2_000;

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .sum();
    }

    @Test
    void aReceiveBatchThatCannotOpenFreesItsMemory() throws Exception {
        var kernel = new ScriptedKernel();
        kernel.always(Syscall.MMAP, Answer.error(Errno.ENOMEM));
        kernel.open(() -> assertThrows(SyscallException.class, ReceiveBatch::open));
        var before = resident();
        for (int i = 0; i < TRIES; i++) {
            kernel.open(() -> assertThrows(SyscallException.class, ReceiveBatch::open));
            kernel.forget();
        }
        var grown = resident() - before;
        assertTrue(grown < TRIES * 20_000L, () -> grown + " bytes");
    }

    @Test
    void aDatagramForWhichABatchCannotGrowIsNotAdded() throws Exception {
        try (var sender = new ScriptedSender()) {
            sender.add(ScriptedSender.A, "first");
            sender.kernel.next(Syscall.MMAP, Answer.error(Errno.ENOMEM));
            assertThrows(UncheckedIOException.class, () -> sender.batch.add(new byte[5_000], ScriptedSender.B));
            assertEquals(1, sender.batch.pendingDatagrams());
            assertEquals(5, sender.batch.pendingBytes());
            assertTrue(sender.batch.add(new byte[5_000], ScriptedSender.B));
            sender.add(ScriptedSender.A, "third");
            assertEquals(3, sender.send());
            assertEquals(List.of("first", "third"), sender.arrived(ScriptedSender.A));
            assertFalse(sender.arrived(ScriptedSender.B).isEmpty());
        }
    }

    /** That a blocked port can't save memory is no reason to close it. */
    @Test
    void aBatchThatCannotShrinkKeepsItsMemory() throws Exception {
        try (var sender = new ScriptedSender()) {
            var large = new byte[5_000];
            for (int i = 0; i < 20; i++) {
                assertTrue(sender.batch.add(large, ScriptedSender.A));
            }
            sender.send();
            sender.add(ScriptedSender.B, "last");
            sender.kernel.next(Syscall.MMAP, Answer.error(Errno.ENOMEM));
            sender.kernel.forget();
            sender.batch.trimToSize();
            assertEquals(1, sender.kernel.calls(Syscall.MMAP).size());
            sender.add(ScriptedSender.B, "more");
            assertEquals(2, sender.send());
            assertEquals(List.of("last", "more"), sender.arrived(ScriptedSender.B));
        }
    }
}
