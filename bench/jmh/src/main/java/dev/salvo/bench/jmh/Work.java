package dev.salvo.bench.jmh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One run of JMH.
 *
 * @param benchmark the benchmark's full name
 * @param params the parameters with a fixed value; JMH runs all values of every other parameter
 */
record Work(String benchmark, Map<String, String> params) {

    private static final String[] BATCHES = {"1", "8", "64"};
    private static final String[] SIZES = {"64", "512", "1200", "1472", "8972"};
    private static final String[] NO_YES = {"false", "true"};
    private static final List<String> SWITCHES = List.of("connected", "ipv6", "metadata");

    /** The names that {@code micro} has for the benchmarks without parameters to combine. */
    private static final Map<String, String> DECODED = Map.of(
            "AddressBenchmark.decode", "address", "ControlBenchmark.encode", "encode", "ControlBenchmark.decode",
            "decode");

    private static boolean isExchange(String benchmark) {
        return benchmark.endsWith(".receive") || benchmark.endsWith(".send");
    }

    /** The class and method without the package. */
    private static String shortName(String benchmark) {
        return benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1);
    }

    /**
     * Returns the runs of a benchmark. For receive and send each combination of batch, size and coalescing is a run,
     * and each other switch alone with the usual batch and sizes; with {@code all}, every combination of all parameters
     * is a run. For the decoding of an address each family is a run. Any other benchmark is one run.
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

    /** The arguments that make {@code micro} measure the same; empty if the C program has no counterpart. */
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

    /** The short name, the numeric parameters, and the switches that are on. */
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
