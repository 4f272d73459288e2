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
    void allIsEveryCombinationAndTheDefaultHasEachSwitchAlone() {
        assertEquals(3 * 5 * 2 * 8, Work.of(RECEIVE, true).size());
        assertEquals(3 * 5 * 2 * 4, Work.of(SEND, true).size());
        assertEquals(3 * 5 * 2 + 4 * 3, Work.of(RECEIVE, false).size());
        assertEquals(3 * 5 * 2 + 4 * 2, Work.of(SEND, false).size());
    }

    @Test
    void microGetsTheParametersAsArguments() {
        var params = new TreeMap<>(Map.of("batch", "8", "coalescing", "true", "ipv6", "true", "size", "512"));
        params.put("metadata", "false");
        assertEquals(
                List.of("receive", "--batch", "8", "--gso", "--ipv6", "--size", "512", "--seconds", "1"),
                new Work(RECEIVE, params).microArguments());
    }

    @Test
    void addressAndControlBenchmarksHaveACounterpartInC() {
        var address = Work.of("dev.salvo.socket.AddressBenchmark.decode", false);
        assertEquals(
                List.of(List.of("address", "--seconds", "1"), List.of("address", "--ipv6", "--seconds", "1")),
                address.stream().map(Work::microArguments).toList());
        for (var what : List.of("encode", "decode")) {
            assertEquals(
                    List.of(what, "--seconds", "1"),
                    new Work(ControlBenchmark.class.getName() + "." + what, Map.of()).microArguments());
        }
    }

    @Test
    void benchmarksWithoutACounterpartInCHaveNoArgumentsForIt() {
        for (var name : List.of("dev.salvo.bench.jmh.TurnBenchmark.turns", "dev.salvo.socket.AddressBenchmark.hash")) {
            assertEquals(List.of(), new Work(name, Map.of()).microArguments());
        }
    }
}
