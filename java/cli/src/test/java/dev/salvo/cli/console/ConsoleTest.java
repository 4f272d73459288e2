package dev.salvo.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ConsoleTest {

    /** A pipe without a reader, and the number of writes to it. */
    private static final class BrokenPipe extends OutputStream {
        int writes;

        @Override
        public void write(int b) throws IOException {
            writes++;
            throw new IOException("Broken pipe");
        }
    }

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console(OutputStream out) {
        return new Console(InputStream.nullInputStream(), new PrintStream(out, false, UTF_8),
                new PrintStream(err, true, UTF_8));
    }

    @Test
    void aLineIsFlushedAtOnce() {
        var out = new ByteArrayOutputStream();
        assertTrue(console(out).line("hello"));
        assertEquals("hello\n", out.toString(UTF_8));
    }

    @Test
    void aBrokenPipeIsReportedOnceAndNotWrittenToAgain() {
        var pipe = new BrokenPipe();
        var console = console(pipe);
        assertFalse(console.line("1"));
        var writes = pipe.writes;
        assertFalse(console.line("2"));
        assertEquals(writes, pipe.writes);
        assertEquals("salvo: writing to stdout failed; no more lines are printed\n", err.toString(UTF_8));
    }

    @Test
    void aWarningIsOneLine() {
        console(new ByteArrayOutputStream()).warn("a\nb\r\nc");
        assertEquals("salvo: a b c\n", err.toString(UTF_8));
    }
}
