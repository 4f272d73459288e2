package dev.salvo.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** Runs the command in this process, and keeps its output. */
final class Captured {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final Console console;

    Captured() {
        this("");
    }

    /** Uses the text as standard input. */
    Captured(String in) {
        this(in.getBytes(UTF_8));
    }

    Captured(byte[] in) {
        console = new Console(new ByteArrayInputStream(in), new PrintStream(out, false, UTF_8),
                new PrintStream(err, true, UTF_8));
    }

    int run(String... arguments) {
        return Salvo.run(console, arguments);
    }

    /** Returns a stream that writes to the captured stderr. */
    PrintStream stderr() {
        return new PrintStream(err, true, UTF_8);
    }

    List<String> out() {
        return out.toString(UTF_8).lines().toList();
    }

    List<String> err() {
        return err.toString(UTF_8).lines().toList();
    }
}
