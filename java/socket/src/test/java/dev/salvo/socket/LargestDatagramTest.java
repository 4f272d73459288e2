package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The largest datagram arrives whole. A datagram one byte longer fails, and fails alone. */
@OnLoopback
record LargestDatagramTest(Loopback loopback) {

    @Test
    void theLargestDatagramArrivesWhole() throws SyscallException {
        var payload = Traffic.bytes(loopback.largestDatagram);
        try (var pair = new Pair(loopback)) {
            Traffic.add(pair.out, payload, pair.to);
            assertEquals(1, pair.send());
            assertEquals(List.of(), pair.out.failures());
            var received = pair.receive(1).getFirst();
            assertArrayEquals(payload, received.bytes());
            assertFalse(received.truncated());
            Traffic.add(pair.out, received.bytes(), pair.sender.localAddress());
            assertEquals(1, pair.receiver.send(pair.out));
            var back = Traffic.receive(pair.sender, pair.in, 1).getFirst();
            assertArrayEquals(payload, back.bytes());
        }
    }

    @Test
    void aDatagramOneByteLongerFailsAlone() throws SyscallException {
        var tooLong = loopback.largestDatagram + 1;
        try (var pair = new Pair(loopback)) {
            pair.add("before").add(1, tooLong).add("after");
            assertEquals(3, pair.send());
            assertEquals(List.of(new SendFailure(pair.to, tooLong, Errno.EMSGSIZE)), pair.out.failures());
            assertEquals(List.of("before", "after"), Traffic.texts(pair.receive(2)));
            assertEquals(1, pair.sender.statistics().datagramsFailed());
            assertEquals(2, pair.sender.statistics().datagramsSent());
        }
    }

    @Test
    void aPayloadOver65535BytesIsRefusedAtOnce() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            assertThrows(IllegalArgumentException.class, () -> pair.add(1, 65_536));
            pair.add(1, 65_535);
            assertEquals(1, pair.send());
            assertEquals(List.of(new SendFailure(pair.to, 65_535, Errno.EMSGSIZE)), pair.out.failures());
        }
    }
}
