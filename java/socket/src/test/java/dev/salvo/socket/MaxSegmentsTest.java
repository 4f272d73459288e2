package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.Needs;
import dev.salvo.testing.OnLoopback;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit on the datagrams of a message applies to datagrams that are added afterwards. */
@OnLoopback
final class MaxSegmentsTest {

    private final Loopback loopback;
    /** The limit of this machine's kernel: 128, or 64 if it is older. */
    private int most;

    MaxSegmentsTest(Loopback loopback) {
        this.loopback = loopback;
    }

    @BeforeEach
    void ask() throws SyscallException {
        most = Features.maxSegments();
    }

    private static long messages(Pair pair) {
        return pair.sender.statistics().messagesSent();
    }

    @Test
    void aMessageHoldsAsManyDatagramsAsTheKernelTakes() throws SyscallException {
        Needs.joiningOnLoopback();
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            assertEquals(most, pair.out.maxSegments(128));
            var payload = Traffic.bytes(most * 64);
            for (int at = 0; at < payload.length; at += 64) {
                Traffic.add(pair.out, Arrays.copyOfRange(payload, at, at + 64), pair.to);
            }
            assertEquals(most, pair.send());
            var received = pair.receive(most);
            assertEquals(1, messages(pair));
            assertEquals(1, pair.receiver.statistics().messagesReceived());
            assertEquals(Collections.nCopies(most, 64), Traffic.lengths(received));
            assertArrayEquals(payload, Traffic.bytesOfAll(received));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 5, 5", "2, 5, 3", "63, 64, 2", "64, 65, 2"})
    void aLowerLimitIsKept(int limit, int count, int messages) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            assertEquals(limit, pair.out.maxSegments(limit));
            assertEquals(count, pair.add(count, 64).send());
            assertEquals(messages, messages(pair));
            assertEquals(Collections.nCopies(count, 64), Traffic.lengths(pair.receive(count)));
        }
    }

    @Test
    void aMessageStillHoldsAtMost65000Bytes() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.out.maxSegments(128);
            pair.add(51, 1300).send();
            assertEquals(2, messages(pair));
            assertEquals(51, pair.receive(51).size());
        }
    }

    @Test
    void aMessageOverALoweredLimitTakesNoMore() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add(5, 64);
            pair.out.maxSegments(3);
            pair.add(2, 64);
            pair.out.maxSegments(64);
            pair.add(2, 64).send();
            assertEquals(2, messages(pair));
            assertEquals(9, pair.receive(9).size());
        }
    }

    @Test
    void aFullMessageTakesMoreOnceTheLimitIsRaised() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.out.maxSegments(3);
            pair.add(3, 64);
            pair.out.maxSegments(6);
            pair.add(3, 64).send();
            assertEquals(1, messages(pair));
            assertEquals(List.of(), pair.out.failures());
            assertEquals(6, pair.receive(6).size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 129, Integer.MIN_VALUE})
    void limitsOutside1To128AreRefused(int limit) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            assertThrows(IllegalArgumentException.class, () -> pair.out.maxSegments(limit));
        }
    }
}
