package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Classes that the echo does not initialize before its first answer. Each group of them costs a start about a tenth of
 * a second.
 */
@Tag("interop")
class StartIT {

    private static final int SHAPES = 1;

    @TempDir
    Path folder;

    private List<String> initialized = List.of();

    private long of(String name) {
        return initialized.stream().filter(line -> line.contains("Initializing '" + name)).count();
    }

    @Test
    void theFirstAnswerNeedsOneDowncallShapeAndNoPicocliStructsOrJavaNet() throws Exception {
        var log = folder.resolve("init");
        var salvo = Running.salvo("echo", "--bind", "127.0.0.1:0");
        salvo.environment().put("SALVO_JAVA_OPTS", "-Xlog:class+init=info:file=" + log);
        try (var echo = Running.start(salvo); var burst = new Burst()) {
            burst.send(echo.port(), 1);
            assertEquals(Burst.JOINED, burst.received(Burst.JOINED));
            initialized = Files.readAllLines(log);
        }

        assertTrue(of("dev/salvo/cli/echo/EchoCommand") > 0, "the log has no classes of the command");
        assertEquals(SHAPES, of("jdk/internal/foreign/abi/DowncallStub"));
        assertEquals(0, of("picocli/"));
        assertEquals(0, of("dev/salvo/bindings/sockaddr_in"));
        assertEquals(0, of("dev/salvo/bindings/in6_addr"));
        assertEquals(0, of("java/net/InetAddress"));
    }
}
