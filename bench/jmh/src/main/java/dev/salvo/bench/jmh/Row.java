package dev.salvo.bench.jmh;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;

/**
 * One result: nanoseconds and bytes for one operation. An operation of receive or send is a datagram.
 *
 * @param error the error of {@code java} at 99.9 % confidence; NaN for fewer than three iterations
 * @param bytes the bytes allocated for one operation, in the iteration that allocated least
 */
record Row(
        String benchmark,
        Map<String, String> params,
        double java,
        double error,
        double bytes,
        OptionalDouble c) {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    static final String HEADER = String.format(
            Locale.ROOT, "%-64s %12s %10s %8s %12s %7s", "", "Java ns", "+-", "B/op", "C ns", "Java/C");

    static Row of(RunResult result, OptionalDouble c) {
        var params = new LinkedHashMap<String, String>();
        result.getParams().getParamsKeys().forEach(key -> params.put(key, result.getParams().getParam(key)));
        var score = result.getPrimaryResult();
        return new Row(
                result.getParams().getBenchmark(), params, score.getScore(), score.getScoreError(), leastBytes(result),
                c);
    }

    /**
     * The profiler counts the allocations of the whole JVM, and one iteration includes a megabyte or more of JMH's own.
     * The benchmark's own allocations are in every iteration, so the smallest figure is the right one.
     */
    private static double leastBytes(RunResult result) {
        var least = Double.NaN;
        for (var fork : result.getBenchmarkResults()) {
            for (var iteration : fork.getIterationResults()) {
                if (iteration.getSecondaryResults().containsKey(ALLOCATED)) {
                    var bytes = iteration.getSecondaryResults().get(ALLOCATED).getScore();
                    least = Double.isNaN(least) ? bytes : Math.min(least, bytes);
                }
            }
        }
        return least;
    }

    String line() {
        var figures = String.format(
                Locale.ROOT, "%-64s %12.1f %10.1f %8.2f", Work.label(benchmark, params), java, error, bytes);
        return c.isEmpty()
                ? figures
                : figures + String.format(Locale.ROOT, " %12.1f %7.2f", c.getAsDouble(), java / c.getAsDouble());
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"benchmark\":\"%s\",\"params\":{%s},\"java_ns\":%s,\"java_error_ns\":%s,\"bytes\":%s,\"c_ns\":%s}",
                benchmark,
                params.entrySet().stream()
                        .map(param -> "\"" + param.getKey() + "\":\"" + param.getValue() + "\"")
                        .collect(Collectors.joining(",")),
                number(java),
                number(error),
                number(bytes),
                c.isEmpty() ? "null" : number(c.getAsDouble()));
    }

    /** JSON has no NaN. */
    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "null";
    }
}
