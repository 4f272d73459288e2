package dev.salvo.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python harness: its own tests, and a short run with C peers only, which needs no packaged Java. */
@Tag("interop")
class HarnessTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private record Outcome(int exitCode, String out) {
    }

    private Outcome run(String... command) throws IOException, InterruptedException {
        var out = folder.resolve("out");
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> List.of(command) + " hangs");
        } finally {
            process.destroy();
        }
        return new Outcome(process.exitValue(), Files.readString(out, UTF_8));
    }

    private static void needs(String program) {
        var there = Files.isExecutable(Path.of("/usr/bin", program));
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(there, () -> program + " is missing");
        }
        assertTrue(there, program);
    }

    @Test
    void itsOwnTestsPass() throws Exception {
        needs("python3");
        var outcome = run("python3", "-B", "-m", "unittest", "discover", ROOT.resolve("bench/harness").toString());
        assertEquals(0, outcome.exitCode(), outcome::out);
        assertTrue(outcome.out().matches("(?s).*Ran [3-9]\\d tests.*"), outcome::out);
    }

    @Test
    void aShortRunMeasuresAndWritesItsReport() throws Exception {
        needs("python3");
        needs("cmake");
        var outcome = run(ROOT.resolve("salvo").toString(), "bench", "--only", "echo-64-plain-16,c-mmsg,c-gso",
                "--rounds", "1", "--seconds", "0.1");
        assertEquals(0, outcome.exitCode(), outcome::out);
        assertTrue(outcome.out().contains("written: salvo-bench.json, salvo-bench.html"), outcome::out);
        var json = Files.readString(folder.resolve("salvo-bench.json"));
        assertTrue(json.contains("\"cpu\": ") && !json.contains("\"dropped\": \""), json);
        assertTrue(Files.readString(folder.resolve("salvo-bench.html")).contains("<svg"), "no chart");
    }
}
