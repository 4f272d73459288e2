package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the echo leaves out until it has answered, each of which costs a start a tenth of a second or so. */
@Tag("interop")
class StartIT {

    /** Words, and what is called for each batch. */
    private static final int SHAPES = 2;

    @TempDir
    Path folder;

    private List<String> initialized = List.of();

    private long of(String name) {
        return initialized.stream().filter(line -> line.contains("Initializing '" + name)).count();
    }

    @Test
    void theFirstAnswerTakesTwoShapesOfDowncallAndNeitherPicocliNorStructsNorJavaNet() throws Exception {
        var log = folder.resolve("init");
        var salvo = Running.salvo("echo", "--bind", "127.0.0.1:0");
        salvo.environment().put("SALVO_JAVA_OPTS", "-Xlog:class+init=info:file=" + log);
        try (var echo = Running.start(salvo); var burst = new Burst()) {
            burst.send(echo.port(), 1);
            assertEquals(Burst.JOINED, burst.received(Burst.JOINED));
            initialized = Files.readAllLines(log);
        }

        assertTrue(of("dev/salvo/cli/EchoCommand") > 0, "the log has no classes of the command");
        assertEquals(SHAPES, of("jdk/internal/foreign/abi/DowncallStub"));
        assertEquals(0, of("picocli/"));
        assertEquals(0, of("dev/salvo/bindings/sockaddr_in"));
        assertEquals(0, of("dev/salvo/bindings/in6_addr"));
        assertEquals(0, of("java/net/InetAddress"));
    }
}
