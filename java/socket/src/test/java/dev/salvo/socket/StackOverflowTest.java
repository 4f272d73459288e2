package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.SentDatagram;
import dev.salvo.kernel.Syscall;
import java.net.StandardProtocolFamily;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A recursive program adds until the stack is full. Any call inside add may then throw, and the accounts hold all the
 * same: each datagram that was added is pending, and is sent once.
 */
@Tag("fault")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StackOverflowTest {

    private static final int ROUNDS = 600;

    private final ScriptedKernel kernel = new ScriptedKernel();
    private int added;
    /** Whether the datagram of the call that threw was added or not is not known. */
    private String unknown = "";

    /** Adds a datagram at each depth; the last ones find no room on the stack. */
    private void recurse(SendBatch batch, Random random, byte[][] payloads, SockAddr[] destinations, int different) {
        var payload = payloads[random.nextInt(different)];
        var destination = destinations[random.nextInt(different)];
        try {
            if (batch.add(payload, destination)) {
                added++;
            }
        } catch (StackOverflowError e) {
            unknown = "thrown";
            throw e;
        }
        if (added < Integer.MAX_VALUE) {
            recurse(batch, random, payloads, destinations, different);
        }
    }

    /** At what depth the stack is full differs from round to round, so that each call is hit in some of them. */
    private void fill(SendBatch batch, Random random, byte[][] payloads, SockAddr[] destinations, int different,
            int before) {
        if (before > 0) {
            fill(batch, random, payloads, destinations, different, before - 1);
        } else {
            recurse(batch, random, payloads, destinations, different);
        }
    }

    private static byte[][] payloads() {
        var payloads = new byte[8][];
        for (int i = 0; i < payloads.length; i++) {
            payloads[i] = new byte[10 + i % 4];
        }
        return payloads;
    }

    private static SockAddr[] destinations() {
        var destinations = new SockAddr[8];
        for (int i = 0; i < destinations.length; i++) {
            destinations[i] = SockAddr.of("127.0.0.1", 1_000 + i);
        }
        return destinations;
    }

    private void rounds(int different) throws Exception {
        kernel.always(Syscall.SENDMMSG, Answer.accept());
        var random = new Random(different);
        try (var batch = kernel.open(() -> SendBatch.open());
                var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            for (int round = 0; round < ROUNDS; round++) {
                added = 0;
                unknown = "";
                try {
                    fill(batch, random, payloads(), destinations(), different, random.nextInt(50));
                } catch (StackOverflowError e) {
                    // Expected: of add, or of the recursion.
                }
                var least = added;
                var most = least + (unknown.isEmpty() ? 0 : 1);
                var pending = batch.pendingDatagrams();
                assertTrue(least <= pending && pending <= most, "round " + round + ": pending " + pending + ", added "
                        + least + " " + unknown);
                kernel.forget();
                assertEquals(pending, socket.send(batch));
                assertEquals(0, batch.pendingDatagrams());
                assertEquals(0, batch.pendingBytes());
                var arrived = kernel.arrived();
                assertEquals(pending, arrived.size());
                assertTrue(arrived.stream().map(SentDatagram::payload).allMatch(
                        payload -> payload.length() >= 10 && payload.length() <= 13));
            }
        }
    }

    /** On a small stack, so that a batch takes all that a round adds. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void theAccountsHold(int different) throws Exception {
        var thrown = new Throwable[1];
        var thread = new Thread(null, () -> {
            try {
                rounds(different);
            } catch (Throwable t) {
                thrown[0] = t;
            }
        }, "recursive", 180 * 1024);
        thread.start();
        thread.join();
        if (thrown[0] != null) {
            throw new AssertionError(thrown[0].getMessage(), thrown[0]);
        }
    }
}
