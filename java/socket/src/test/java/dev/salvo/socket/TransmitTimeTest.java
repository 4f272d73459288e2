package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.TransmitTimeClock;
import dev.salvo.testing.CablePair;
import dev.salvo.testing.ThreeCables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * With SO_TXTIME a datagram may have a transmit time, until which tc-fq(8) delays it. Without a queueing discipline
 * that supports it, the datagram leaves at once.
 */
@Tag("netns")
class TransmitTimeTest {

    private static final long MOMENT = Duration.ofMillis(300).toNanos();

    @ParameterizedTest
    @EnumSource
    void aTimedDatagramDoesNotLeaveBeforeItsTime(GroupFamily family) throws Exception {
        ThreeCables.run(cables -> {
            var fair = fairQueueing(cables);
            try (var pair = new CablePair(cables, family);
                    var out = SendBatch.open()) {
                pair.sender.set(SocketLevelOptions.TXTIME,
                        new TransmitTimeClock(TransmitTimeClock.MONOTONIC, false, false));
                var time = System.nanoTime() + MOMENT;
                var to = SockAddr.of(family.address("cable-a", 2), pair.port);
                var options = new SendOptions().transmitTime(time);
                Traffic.add(out, to, options, "later");
                Traffic.add(out, to, "at once");
                assertEquals(2, pair.sender.send(out));
                assertEquals(List.of(), out.failures());
                var expected = fair ? List.of("at once", "later") : List.of("later", "at once");
                assertEquals(expected, Traffic.texts(Traffic.receive(pair.receiver, pair.in(), 2)));
                assertTrue(!fair || System.nanoTime() >= time, "before its time");
            }
        });
    }

    /** Returns whether the kernel has fq; prints its answer if not. */
    private static boolean fairQueueing(ThreeCables cables) throws IOException {
        var process = new ProcessBuilder(
                "ip", "netns", "exec", cables.here.name(), "tc", "qdisc", "add", "dev", "cable-a", "root", "fq")
                .redirectErrorStream(true)
                .start();
        var answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        var has = process.onExit().join().exitValue() == 0;
        if (!has) {
            System.out.println("no fair queueing, so datagrams with a time leave at once: " + answer);
        }
        return has;
    }
}
