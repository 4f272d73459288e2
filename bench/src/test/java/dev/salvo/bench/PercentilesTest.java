package dev.salvo.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class PercentilesTest {

    @TempDir
    Path directory;

    @Test
    void everyNumberOfTheFileCounts() throws IOException {
        var bytes = ByteBuffer.allocate(1_000 * Long.BYTES).order(ByteOrder.nativeOrder());
        for (long nanos = 1; nanos <= 1_000; nanos++) {
            bytes.putLong(nanos);
        }
        var file = Files.write(directory.resolve("samples"), bytes.array());
        assertEquals("{\"file\":\"a\\\"b\",\"count\":1000,\"p50\":500,\"p90\":900,\"p99\":990,\"p999\":999,"
                + "\"max\":1000,\"mean\":500.5}", Percentiles.json("a\"b", Percentiles.histogram(file)));
    }

    @Test
    void withoutSamplesThePercentilesAreNull() throws IOException {
        var file = Files.createFile(directory.resolve("none"));
        assertEquals("{\"file\":\"none\",\"count\":0,\"p50\":null,\"p90\":null,\"p99\":null,\"p999\":null,"
                + "\"max\":null,\"mean\":null}", Percentiles.json("none", Percentiles.histogram(file)));
    }

    @Test
    void aFileThatEndsInsideANumberIsRefused() throws IOException {
        var file = Files.write(directory.resolve("cut"), new byte[9]);
        assertThrows(IOException.class, () -> Percentiles.histogram(file));
    }
}
