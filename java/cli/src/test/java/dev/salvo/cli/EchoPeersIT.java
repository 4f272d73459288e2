package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./salvo echo} with clients that are not part of Salvo. */
@Tag("interop")
class EchoPeersIT {

    /** The command that the README suggests. */
    @ParameterizedTest
    @CsvSource({"127.0.0.1:0, 127.0.0.1", "[::1]:0, ::1"})
    void ncatPrintsWhatItSent(String bind, String host) throws Exception {
        Requires.program("ncat", "ncat");
        try (var echo = Running.start(Running.salvo("echo", "--bind", bind));
                var ncat = Running.start("sh", "-c", "(echo hello; sleep 1) | ncat -u " + host + " " + echo.port())) {
            assertEquals(List.of("hello"), ncat.outcome().out());
        }
    }

    @Test
    void socatPrintsWhatItSent() throws Exception {
        Requires.program("socat", "socat");
        try (var echo = Running.start(Running.salvo("echo", "--bind", "127.0.0.1:0"));
                var socat = Running.start("sh", "-c", "echo hello | socat -t 1 - UDP:127.0.0.1:" + echo.port())) {
            assertEquals(List.of("hello"), socat.outcome().out());
        }
    }

    /**
     * Datagrams that are empty, tiny, as long as a page and as long as IPv4 allows; then a hundred of nearly one size.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "--no-coalesce"})
    void twistedGetsBackWhatItSent(String option) throws Exception {
        Requires.success("Twisted", "/usr/bin/python3", "-c", "import twisted.internet.reactor");
        var client = Path.of(getClass().getResource("/twisted_client.py").toURI());
        var arguments = option.isEmpty()
                ? new String[]{"echo", "--bind", "127.0.0.1:0"}
                : new String[]{"echo", option, "--bind", "127.0.0.1:0"};
        try (var echo = Running.start(Running.salvo(arguments));
                var twisted = Running.start(
                        "/usr/bin/python3", client.toString(), "127.0.0.1", Integer.toString(echo.port()))) {
            var outcome = twisted.outcome();
            assertEquals(List.of("106 came back"), outcome.out(), outcome.err()::toString);
        }
    }
}
