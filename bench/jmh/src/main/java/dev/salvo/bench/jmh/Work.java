package dev.salvo.bench.jmh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One run of JMH's.
 *
 * @param benchmark its full name
 * @param params the values that are fixed; of the others JMH takes all
 */
record Work(String benchmark, Map<String, String> params) {

    private static final String[] BATCHES = {"1", "8", "64"};
    private static final String[] SIZES = {"64", "512", "1200", "1472", "8972"};
    private static final String[] NO_YES = {"false", "true"};
    private static final List<String> SWITCHES = List.of("connected", "ipv6", "metadata");

    /** What {@code micro} calls that which has nothing to combine. */
    private static final Map<String, String> DECODED = Map.of(
            "AddressBenchmark.decode", "address", "ControlBenchmark.encode", "encode", "ControlBenchmark.decode",
            "decode");

    private static boolean isExchange(String benchmark) {
        return benchmark.endsWith(".receive") || benchmark.endsWith(".send");
    }

    /** Class and method. */
    private static String shortName(String benchmark) {
        return benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1);
    }

    /**
     * What to run of a benchmark. Of those that have a C figure beside them each combination is a run: all of batch,
     * size and coalescing, and each switch alone with the usual of these; or all of all.
     */
    static List<Work> of(String benchmark, boolean all) {
        var found = new ArrayList<Work>();
        if (shortName(benchmark).equals("AddressBenchmark.decode")) {
            for (var ipv6 : NO_YES) {
                found.add(new Work(benchmark, Map.of("ipv6", ipv6)));
            }
            return found;
        }
        if (!isExchange(benchmark)) {
            found.add(new Work(benchmark, Map.of()));
            return found;
        }
        var switches = benchmark.endsWith(".send") ? SWITCHES.subList(0, 2) : SWITCHES;
        for (var batch : BATCHES) {
            for (var size : SIZES) {
                for (var coalescing : NO_YES) {
                    for (int on = 0; on < 1 << switches.size(); on++) {
                        var usual = batch.equals("64") && (size.equals("64") || size.equals("1200"));
                        if (all || on == 0 || (usual && Integer.bitCount(on) == 1)) {
                            found.add(new Work(benchmark, params(batch, size, coalescing, switches, on)));
                        }
                    }
                }
            }
        }
        return found;
    }

    private static Map<String, String> params(
            String batch, String size, String coalescing, List<String> switches, int on) {
        var params = new LinkedHashMap<String, String>();
        params.put("batch", batch);
        params.put("size", size);
        params.put("coalescing", coalescing);
        for (int i = 0; i < switches.size(); i++) {
            params.put(switches.get(i), Boolean.toString((on >> i & 1) != 0));
        }
        return params;
    }

    /** The arguments of {@code micro} that ask for the same; none if C does not have it. */
    List<String> microArguments() {
        var what = isExchange(benchmark)
                ? benchmark.substring(benchmark.lastIndexOf('.') + 1)
                : DECODED.get(shortName(benchmark));
        if (what == null) {
            return List.of();
        }
        var arguments = new ArrayList<String>();
        arguments.add(what);
        params.forEach((name, value) -> {
            if (name.equals("batch") || name.equals("size")) {
                arguments.addAll(List.of("--" + name, value));
            } else if (value.equals("true")) {
                arguments.add(name.equals("coalescing") ? "--gso" : "--" + name);
            }
        });
        arguments.addAll(List.of("--seconds", "1"));
        return arguments;
    }

    @Override
    public String toString() {
        return label(benchmark, params);
    }

    /** The short name, the numbers, and those switches that are on. */
    static String label(String benchmark, Map<String, String> params) {
        var label = new StringBuilder(
                shortName(benchmark).replace("Benchmark", "").toLowerCase(Locale.ROOT));
        params.forEach((name, value) -> {
            if (!value.equals("false")) {
                label.append(' ').append(name).append(value.equals("true") ? "" : "=" + value);
            }
        });
        return label.toString();
    }
}
