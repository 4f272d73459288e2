package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./salvo listen} and {@code ./salvo send} as processes: pipes and signals. */
@Tag("interop")
class ListenIT {

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void pipedInputIsPrintedAndASignalEndsTheListener(String signal) throws Exception {
        try (var listen = Running.start(Running.salvo("listen", "--bind", "127.0.0.1:0"))) {
            var port = listen.portOnStderr();
            var send = Running.salvo();
            send.command("sh", "-c", "printf 'one\\ntwo\\n' | \"$0\" send 127.0.0.1:" + port,
                    send.command().getFirst());
            try (var sending = Running.start(send)) {
                assertEquals(0, sending.outcome().exitCode());
            }
            assertTrue(listen.line().endsWith(" 8 one\\ntwo\\n"));
            listen.signal(signal);
            var outcome = listen.outcome();
            assertEquals(0, outcome.exitCode());
            assertEquals(1, outcome.out().size());
            assertTrue(outcome.err().getLast().startsWith("salvo: total: 1 datagrams (8 bytes)"), outcome::toString);
        }
    }
}
