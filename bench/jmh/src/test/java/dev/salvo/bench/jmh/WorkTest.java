package dev.salvo.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class WorkTest {

    private static final String RECEIVE = ReceiveBenchmark.class.getName() + ".receive";
    private static final String SEND = SendBenchmark.class.getName() + ".send";

    @Test
    void allIsTheProductAndTheDefaultHasEachSwitchAlone() {
        assertEquals(3 * 5 * 2 * 8, Work.of(RECEIVE, true).size());
        assertEquals(3 * 5 * 2 * 4, Work.of(SEND, true).size());
        assertEquals(3 * 5 * 2 + 4 * 3, Work.of(RECEIVE, false).size());
        assertEquals(3 * 5 * 2 + 4 * 2, Work.of(SEND, false).size());
    }

    @Test
    void microIsAskedForTheSame() {
        var params = new TreeMap<>(Map.of("batch", "8", "coalescing", "true", "ipv6", "true", "size", "512"));
        params.put("metadata", "false");
        assertEquals(
                List.of("receive", "--batch", "8", "--gso", "--ipv6", "--size", "512", "--seconds", "1"),
                new Work(RECEIVE, params).microArguments());
    }

    @Test
    void whatHasNoCAsksForNone() {
        assertEquals(List.of(), new Work("dev.salvo.bench.jmh.TurnBenchmark.turns", Map.of()).microArguments());
    }
}
