package dev.salvo.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the benchmarks with JMH's allocation profiler. The C program runs before and after each benchmark that it has a
 * counterpart for.
 */
public final class Main {

    private Main() {}

    public static void main(String[] args) throws Exception {
        Arguments arguments;
        try {
            arguments = Arguments.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + Arguments.USAGE);
            System.exit(2);
            return;
        }
        if (arguments.micro() != null && !Files.isExecutable(arguments.micro())) {
            System.err.println(arguments.micro() + " is not an executable program. Build it with: cmake -S"
                    + " native/reference -B native/reference/target && cmake --build native/reference/target");
            System.exit(2);
        }
        run(arguments);
    }

    private static void run(Arguments arguments) throws Exception {
        var micro = arguments.micro() == null ? null : new Micro(arguments.micro());
        var works = works(arguments);
        System.out.println(Row.HEADER);
        for (int i = 0; i < works.size(); i++) {
            var work = works.get(i);
            System.err.println("[" + (i + 1) + "/" + works.size() + "] " + work);
            var before = c(micro, work);
            var results = run(work, arguments.quick());
            var c = mean(before, c(micro, work));
            for (var result : results) {
                var row = Row.of(result, c);
                System.out.println(row.line());
                if (arguments.json() != null) {
                    Files.writeString(
                            arguments.json(),
                            row.json() + "\n",
                            StandardOpenOption.CREATE,
                            i == 0 && result == results.iterator().next()
                                    ? StandardOpenOption.TRUNCATE_EXISTING
                                    : StandardOpenOption.APPEND,
                            StandardOpenOption.WRITE);
                }
            }
        }
    }

    static List<Work> works(Arguments arguments) {
        var patterns = arguments.patterns().stream().map(Pattern::compile).toList();
        var works = new ArrayList<Work>();
        for (var benchmark : names()) {
            if (patterns.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.matcher(benchmark).find())) {
                works.addAll(Work.of(benchmark, arguments.all()));
            }
        }
        return works;
    }

    /** The full names of all benchmarks, sorted. */
    static List<String> names() {
        var silent = OutputFormatFactory.createFormatInstance(System.err, VerboseMode.SILENT);
        return BenchmarkList.defaultList().getAll(silent, List.of()).stream()
                .map(BenchmarkListEntry::getUsername)
                .distinct()
                .sorted()
                .toList();
    }

    private static Collection<RunResult> run(Work work, boolean quick) throws RunnerException {
        var options = options(work)
                .forks(1)
                .jvmArgsAppend("--enable-native-access=ALL-UNNAMED")
                .warmupIterations(quick ? 2 : 4)
                .warmupTime(TimeValue.milliseconds(quick ? 200 : 500))
                .measurementIterations(quick ? 2 : 5)
                .measurementTime(TimeValue.milliseconds(quick ? 200 : 500));
        return new Runner(options.build()).run();
    }

    static ChainedOptionsBuilder options(Work work) {
        var options = new OptionsBuilder()
                .include("^" + Pattern.quote(work.benchmark()) + "$")
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class);
        work.params().forEach(options::param);
        return options;
    }

    private static OptionalDouble c(@Nullable Micro micro, Work work) throws IOException, InterruptedException {
        var arguments = work.microArguments();
        return micro == null || arguments.isEmpty() ? OptionalDouble.empty() : micro.run(arguments);
    }

    private static OptionalDouble mean(OptionalDouble a, OptionalDouble b) {
        return a.isEmpty() || b.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of((a.getAsDouble() + b.getAsDouble()) / 2);
    }
}
