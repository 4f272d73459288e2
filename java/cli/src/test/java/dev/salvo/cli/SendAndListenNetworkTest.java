package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.testing.NetNamespace;
import dev.salvo.testing.ThreeCables;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code salvo send} and {@code salvo listen} between two hosts with three cables: groups, broadcasts and missing
 * routes.
 */
@Tag("netns")
class SendAndListenNetworkTest {

    private static Captured send(NetNamespace from, int exitCode, String... arguments) throws Exception {
        var captured = new Captured();
        var command = new String[arguments.length + 1];
        command[0] = "send";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        assertEquals(exitCode, from.call(() -> captured.run(command)), captured.err()::toString);
        return captured;
    }

    /** Without --interface the kernel would choose another cable: the first one that has a route. */
    @ParameterizedTest
    @CsvSource({
            "239.1.2.3, 239.1.2.3:%d, 0.0.0.0:%d, 203.0.113.2:PORT",
            "239.1.2.3, 239.1.2.3:%d, [::]:%d, 203.0.113.2:PORT",
            "239.1.2.3, 239.1.2.3:%d, 239.1.2.3:%d, 203.0.113.2:PORT",
            "ff02::1:7, [ff02::1:7]:%d, [::]:%d, [fe80::2%4]:PORT"
    })
    void aGroupIsReceivedOnlyOnItsInterface(String group, String to, String bind, String source) throws Exception {
        ThreeCables.run(cables -> {
            var first = Listening.in(cables.here, group, "--interface", "cable-c", "--bind", bind.formatted(0),
                    "--count", "1");
            var port = first.port();
            var second = Listening.in(cables.here, group, "--interface", "cable-c", "--bind", bind.formatted(port),
                    "--count", "1");
            second.port();
            for (var cable : List.of("cable-a", "cable-c")) {
                send(cables.there, 0, to.formatted(port), cable, "--interface", cable, "--ttl", "1");
            }
            assertEquals(List.of(source + " 7 cable-c"), first.lines());
            assertEquals(List.of(source + " 7 cable-c"), second.lines());
        });
    }

    @Test
    void aBroadcastIsSentOnlyIfAllowed() throws Exception {
        ThreeCables.run(cables -> {
            var listening = Listening.in(cables.here, "--bind", "0.0.0.0:0", "--count", "1");
            var to = "192.0.2.255:" + listening.port();
            for (var wait : List.of(new String[]{to, "no"}, new String[]{to, "no", "--wait", "5"})) {
                var refused = send(cables.there, 1, wait);
                assertEquals(1, refused.err().size(), refused.err()::toString);
                assertTrue(refused.err().getFirst().contains("EACCES"), refused.err()::toString);
                assertTrue(refused.err().getFirst().contains("--broadcast"), refused.err()::toString);
            }
            send(cables.there, 0, to, "yes", "--broadcast");
            assertEquals(List.of("192.0.2.2:PORT 3 yes"), listening.lines());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:9", "[2001:db8::1]:9"})
    void aMissingRouteIsOneErrorLineAndExitCodeOne(String to) throws Exception {
        try (var alone = NetNamespace.open()) {
            for (var arguments : List.of(new String[]{to, "hello"}, new String[]{to, "hello", "--wait", "5"})) {
                var captured = send(alone, 1, arguments);
                assertEquals(List.of("salvo: " + to + ": ENETUNREACH (network is unreachable)"), captured.err());
            }
        }
    }

    @Test
    void aMissingInterfaceIsOneErrorLineAndExitCodeOne() throws Exception {
        try (var alone = NetNamespace.open()) {
            var captured = send(alone, 1, "239.1.2.3:9", "hello", "--interface", "nosuch");
            assertEquals(1, captured.err().size(), captured.err()::toString);
            assertTrue(captured.err().getFirst().contains("ENODEV"), captured.err()::toString);
            var listening = new Captured();
            assertEquals(1, alone.call(() -> listening.run("listen", "239.1.2.3", "--interface", "nosuch")));
            assertTrue(listening.err().getLast().contains("ENODEV"), listening.err()::toString);
        }
    }

    /** As DHCP does it: 255.255.255.255 has no route here, and the interface may have no address. */
    @Test
    void aBroadcastToEveryHostIsSentByItsInterface() throws Exception {
        ThreeCables.run(cables -> {
            var listening = Listening.in(cables.here, "--bind", "0.0.0.0:0", "--count", "1");
            var to = "255.255.255.255:" + listening.port();
            send(cables.there, 0, to, "hello", "--broadcast", "--interface", "cable-c");
            assertEquals(List.of("203.0.113.2:PORT 5 hello"), listening.lines());
            var refused = send(cables.there, 1, to, "hello", "--interface", "cable-c");
            assertTrue(refused.err().getFirst().contains("--broadcast"), refused.err()::toString);
        });
    }
}
