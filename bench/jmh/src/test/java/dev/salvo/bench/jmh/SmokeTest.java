package dev.salvo.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs every benchmark for some milliseconds in this JVM. The figures are no measurement. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SmokeTest {

    private static final Map<String, String> FEW = Map.of("pending", "1", "destinations", "16", "ipv6", "true");

    static List<String> names() {
        return Main.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyBenchmarkRuns(String name) throws RunnerException {
        var works = Work.of(name, true);
        var options = Main.options(works.getLast()).forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(10));
        if (works.getLast().params().isEmpty()) {
            FEW.forEach(options::param);
        }
        var results = new Runner(options.build()).run();
        assertTrue(!results.isEmpty());
        for (var result : results) {
            var row = Row.of(result, OptionalDouble.empty());
            assertEquals(name, row.benchmark());
            assertTrue(row.java() > 0, row.line());
            assertTrue(row.bytes() >= 0, row.line());
        }
    }
}
