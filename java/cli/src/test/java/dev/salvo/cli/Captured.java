package dev.salvo.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.salvo.cli.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/** Runs the command in this process, and keeps its output. */
public final class Captured {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    public final Console console;

    public Captured() {
        this("");
    }

    /** Uses the text as standard input. */
    public Captured(String in) {
        this(in.getBytes(UTF_8));
    }

    public Captured(byte[] in) {
        this(new ByteArrayInputStream(in));
    }

    public Captured(InputStream in) {
        console = new Console(in, out, UTF_8, new PrintStream(err, true, UTF_8));
    }

    public int run(String... arguments) {
        return Salvo.run(console, arguments);
    }

    /** Returns a stream that writes to the captured stderr. */
    public PrintStream stderr() {
        return new PrintStream(err, true, UTF_8);
    }

    public List<String> out() {
        return out.toString(UTF_8).lines().toList();
    }

    public List<String> err() {
        return err.toString(UTF_8).lines().toList();
    }
}
