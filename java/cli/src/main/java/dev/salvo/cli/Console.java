package dev.salvo.cli;

import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.CharsetEncoder;

/**
 * What the command reads and where it prints. Once stdout is broken, as after {@code salvo echo | head -1}, nothing
 * more goes there.
 */
final class Console {

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private boolean broken;

    Console(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    PrintWriter outWriter() {
        return new PrintWriter(new OutputStreamWriter(out, out.charset()), true);
    }

    /** Standard input. */
    InputStream in() {
        return in;
    }

    /** Tells what stdout can show. */
    CharsetEncoder encoder() {
        return out.charset().newEncoder();
    }

    /** Prints a line, at once: false if nobody reads any more, which is told on stderr the first time. */
    boolean line(String text) {
        if (!broken) {
            out.println(text);
            // Flushes too.
            broken = out.checkError();
            if (broken) {
                warn("nobody reads stdout any more");
            }
        }
        return !broken;
    }

    /** One line on stderr, whatever is in the text. */
    void warn(String text) {
        err.println("salvo: " + text.replaceAll("\\R", " "));
    }

    /** Something that must not happen. */
    void fault(Throwable t) {
        warn("this should not have happened; please report it");
        t.printStackTrace(err);
    }
}
