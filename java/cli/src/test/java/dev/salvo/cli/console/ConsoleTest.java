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
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ConsoleTest {

    /** A stream whose writes fail, and their number. */
    private static final class Failing extends OutputStream {
        private final String message;
        int writes;

        Failing(String message) {
            this.message = message;
        }

        @Override
        public void write(int b) throws IOException {
            writes++;
            throw new IOException(message);
        }
    }

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console(OutputStream out) {
        return new Console(InputStream.nullInputStream(), out, UTF_8,
                new PrintStream(err, true, UTF_8));
    }

    @Test
    void aLineIsFlushedAtOnce() {
        var out = new ByteArrayOutputStream();
        assertTrue(console(out).line("hello"));
        assertEquals("hello\n", out.toString(UTF_8));
    }

    @Test
    void addedLinesAreWrittenTogether() {
        var writes = new ArrayList<String>();
        var console = console(new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("a write of one byte");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.add(new String(bytes, offset, length, UTF_8));
            }
        });
        assertTrue(console.add("1"));
        assertTrue(console.add("2"));
        assertEquals(List.of(), writes);
        assertTrue(console.flush());
        assertTrue(console.flush());
        assertEquals(List.of("1\n2\n"), writes);
    }

    @Test
    void aFailedWriteIsReportedOnceAndNothingIsWrittenAfterIt() {
        var full = new Failing("No space left on device");
        var console = console(full);
        assertFalse(console.line("1"));
        var writes = full.writes;
        assertFalse(console.line("2"));
        assertFalse(console.add("3"));
        assertFalse(console.flush());
        assertEquals(writes, full.writes);
        assertTrue(console.hasLostLines());
        assertEquals("salvo: writing to stdout failed; no more is printed: No space left on device\n",
                err.toString(UTF_8));
    }

    /** A real one, since its message depends on the language of the user. */
    @Test
    void aPipeWhoseReaderHasEndedIsNoFailure() throws Exception {
        var pipe = Pipe.open();
        pipe.source().close();
        var console = console(Channels.newOutputStream(pipe.sink()));
        assertFalse(console.line("1"));
        assertFalse(console.line("2"));
        assertFalse(console.hasLostLines());
        assertEquals("", err.toString(UTF_8));
        pipe.sink().close();
    }

    @Test
    void aWarningIsOneLine() {
        console(new ByteArrayOutputStream()).warn("a\nb\r\nc");
        assertEquals("salvo: a b c\n", err.toString(UTF_8));
    }
}
