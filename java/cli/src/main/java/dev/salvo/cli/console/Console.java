package dev.salvo.cli.console;

import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.CharsetEncoder;

/**
 * The standard streams of the command. Once a write to stdout has failed, as after {@code salvo echo | head -1},
 * nothing more is written there.
 */
public final class Console {

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private boolean broken;

    public Console(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    public PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(out, out.charset()), true);
    }

    public InputStream in() {
        return in;
    }

    /** An encoder for the charset of stdout, which shows the characters that stdout can print. */
    public CharsetEncoder encoder() {
        return out.charset().newEncoder();
    }

    /**
     * Prints a line to stdout and flushes it. Returns false if this or an earlier write to stdout failed, for example
     * because its reader has ended. The first failure is reported on stderr.
     */
    public boolean line(String text) {
        if (!broken) {
            out.println(text);
            // checkError() also flushes.
            broken = out.checkError();
            if (broken) {
                warn("writing to stdout failed; no more lines are printed");
            }
        }
        return !broken;
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
