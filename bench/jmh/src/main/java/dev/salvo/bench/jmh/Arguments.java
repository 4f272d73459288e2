package dev.salvo.bench.jmh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@link Main}.
 *
 * @param micro the C program; null without {@code --with-c} and {@code --micro}
 * @param patterns regular expressions; a benchmark runs if one of them is found in its name. If empty, all run
 */
record Arguments(
        boolean all, boolean quick, @Nullable Path micro, @Nullable Path json, List<String> patterns) {

    static final String USAGE = """
            Usage: Main [--with-c] [--micro PROGRAM] [--all] [--quick] [--json FILE] [PATTERN...]
              --with-c   also run native/reference/target/micro, before and after each benchmark
              --micro    like --with-c, with this program
              --all      run every combination of the parameters of receive and send, not a selection
              --quick    short runs, to check that everything works
              --json     write a line of JSON for each result
              PATTERN    run the benchmarks whose names match: Receive, Send, Join, Control, Address, Timer, Turn""";

    /** Throws IllegalArgumentException for an unknown option and for an option without its value. */
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
