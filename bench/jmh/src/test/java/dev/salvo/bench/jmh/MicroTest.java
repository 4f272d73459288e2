package dev.salvo.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class MicroTest {

    @Test
    void theFigureIsFoundInTheLine() {
        assertEquals(OptionalDouble.of(81.5),
                Micro.nanoseconds("{\"what\":\"send\",\"nanos\":81.50,\"sendNanos\":81.50,\"receiveNanos\":9.00}"));
    }

    @Test
    void aProgramThatFailsHasNoFigure() throws Exception {
        assertEquals(OptionalDouble.empty(), new Micro(Path.of("/bin/false")).run(List.of("receive")));
    }
}
