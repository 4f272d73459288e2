package dev.salvo.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.SockAddr;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol layer's javadoc shows regions of these examples. A run of javadoc finds each of them. */
@Tag("unit")
class JavadocTest {

    private static final Path EXAMPLES = Path.of("src/main/java").toAbsolutePath();
    private static final Path PROTOCOL = Path.of("../protocol/src/main/java").toAbsolutePath().normalize();

    @Test
    void theSnippetsAreRegionsOfTheExamples(@TempDir Path pages) throws Exception {
        var printed = new StringWriter();
        var writer = new PrintWriter(printed, true);
        var status = ToolProvider.findFirst("javadoc").orElseThrow().run(writer, writer,
                "-quiet", "-Xdoclint:all", "-Werror", "-d", pages.toString(),
                "--snippet-path", EXAMPLES.toString(),
                "--module-path", whereIs(SockAddr.class, Class.forName("dev.salvo.bindings.Linux"), NullMarked.class),
                "--module-source-path", "dev.salvo.protocol=" + PROTOCOL,
                "--module", "dev.salvo.protocol");
        assertEquals(0, status, printed::toString);

        var page = Files.readString(pages.resolve("dev.salvo.protocol/dev/salvo/protocol/package-summary.html"));
        assertTrue(page.contains("reactor.listenUdp(port, new Echo()"), page);
    }

    private static String whereIs(Class<?>... classes) {
        return Stream.of(classes).map(JavadocTest::whereIs).collect(Collectors.joining(File.pathSeparator));
    }

    private static String whereIs(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
