package dev.salvo.bench.jmh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@link Main}.
 *
 * @param micro the C program; null without --with-c
 * @param patterns regular expressions, one of which must be found in a benchmark's name; none for all benchmarks
 */
record Arguments(
        boolean all, boolean quick, @Nullable Path micro, @Nullable Path json, List<String> patterns) {

    static final String USAGE = """
            Usage: Main [--with-c] [--micro PROGRAM] [--all] [--quick] [--json FILE] [PATTERN...]
              --with-c   run native/reference/target/micro too, before and after each
              --micro    the same, with this program
              --all      every combination of receive and send, not only those that tell something
              --quick    to see whether it works
              --json     a line for each result, as JSON
              PATTERN    of the names of the benchmarks: Receive, Send, Join, Control, Address, Timer, Turn""";

    /** Throws IllegalArgumentException for what it does not know. */
    static Arguments parse(String... args) {
        var all = false;
        var quick = false;
        Path micro = null;
        Path json = null;
        var patterns = new ArrayList<String>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--all" -> all = true;
                case "--quick" -> quick = true;
                case "--with-c" -> micro = Path.of("native/reference/target/micro");
                case "--micro" -> micro = Path.of(value(args, ++i));
                case "--json" -> json = Path.of(value(args, ++i));
                default -> {
                    if (args[i].startsWith("-")) {
                        throw new IllegalArgumentException("unknown option " + args[i]);
                    }
                    patterns.add(args[i]);
                }
            }
        }
        return new Arguments(all, quick, micro, json, patterns);
    }

    private static String value(String[] args, int at) {
        if (at == args.length) {
            throw new IllegalArgumentException(args[at - 1] + " needs a value");
        }
        return args[at];
    }
}
