package dev.salvo.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.Objects;

/**
 * The standard streams of the command. Lines for stdout are collected, and written together by {@link #flush}. Once a
 * write to stdout has failed, nothing more is written there.
 */
public final class Console {

    /** Lines are flushed without being asked when there are so many characters. */
    private static final int MANY = 1 << 20;

    private final InputStream in;
    private final OutputStream out;
    private final Charset charset;
    private final PrintStream err;
    private final StringBuilder lines = new StringBuilder();
    private boolean broken;
    private boolean lost;

    /** Takes the streams, and the charset of stdout. */
    public Console(InputStream in, OutputStream out, Charset charset, PrintStream err) {
        this.in = in;
        this.out = out;
        this.charset = charset;
        this.err = err;
    }

    /** A writer to stdout for picocli. */
    public PrintWriter outWriter() {
        return new PrintWriter(new Writer() {
            @Override
            public void write(char[] text, int offset, int length) {
                lines.append(text, offset, length);
            }

            @Override
            public void flush() {
                Console.this.flush();
            }

            @Override
            public void close() {
                flush();
            }
        }, true);
    }

    public InputStream in() {
        return in;
    }

    /** An encoder for the charset of stdout, which shows the characters that stdout can print. */
    public CharsetEncoder encoder() {
        return charset.newEncoder();
    }

    /** Prints a line to stdout at once. Returns false if this or an earlier write to stdout failed. */
    public boolean line(String text) {
        return add(text) && flush();
    }

    /** Collects a line for stdout. Returns false if an earlier write to stdout failed. */
    public boolean add(CharSequence text) {
        if (broken) {
            return false;
        }
        lines.append(text).append('\n');
        return lines.length() < MANY || flush();
    }

    /**
     * Writes the collected lines to stdout. Returns false if this or an earlier write to stdout failed. The first
     * failure is reported on stderr, unless the reader of a pipe has ended: {@code | head -1} has what it wanted.
     */
    public boolean flush() {
        if (!broken && !lines.isEmpty()) {
            try {
                out.write(lines.toString().getBytes(charset));
                out.flush();
            } catch (IOException e) {
                broken = true;
                lost = !isBrokenPipe(e);
                if (lost) {
                    warn("writing to stdout failed; no more is printed: " + e.getMessage());
                }
            }
        }
        lines.setLength(0);
        return !broken;
    }

    /** Whether lines were lost that somebody would have read. */
    public boolean hasLostLines() {
        return lost;
    }

    /**
     * Whether it is EPIPE. Java tells an errno by strerror(3), in the language of the user, so the message is compared
     * with that of a pipe without a reader.
     */
    private static boolean isBrokenPipe(IOException failure) {
        try {
            var pipe = Pipe.open();
            pipe.source().close();
            try (var sink = pipe.sink()) {
                sink.write(ByteBuffer.allocate(1));
                return false;
            } catch (IOException e) {
                return Objects.equals(e.getMessage(), failure.getMessage());
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** Prints one line to stderr; line breaks in the text become spaces. */
    public void warn(String text) {
        err.println("salvo: " + text.replaceAll("\\R", " "));
    }

    /** Reports an exception that is a defect of the program. */
    public void fault(Throwable t) {
        warn("internal error; please report it with this stack trace");
        t.printStackTrace(err);
    }
}
