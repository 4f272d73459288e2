package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trap 1: sendmmsg on a connected socket hides ECONNREFUSED, the error queue does not. */
@Tag("loopback")
class ConnectedErrorsTest {

    @ParameterizedTest
    @EnumSource
    void everyRefusalIsQueuedThoughTheBatchReportsNone(Over over) throws SyscallException {
        try (var socket = over.open();
                var dead = over.loopback.dead();
                var out = SendBatch.open()) {
            socket.connect(over.addressOf(dead));
            out.coalescing(false);
            for (int i = 0; i < 5; i++) {
                Traffic.add(out, null, "to nobody");
            }

            assertEquals(5, socket.send(out));
            assertEquals(List.of(), out.failures());
            socket.drainErrors();

            for (int i = 0; i < 5; i++) {
                assertEquals(over.refused(over.addressOf(dead), "to nobody"), socket.nextError());
            }
            assertNull(socket.nextError());
        }
    }

    /** Errors of a previous peer are reported with its address, so that a caller can ignore them. */
    @ParameterizedTest
    @EnumSource
    void theErrorOfAFormerPeerHasItsAddress(Over over) throws SyscallException {
        try (var socket = over.open();
                var former = over.loopback.dead();
                var present = over.loopback.dead();
                var out = SendBatch.open()) {
            for (var dead : List.of(former, present)) {
                socket.connect(over.addressOf(dead));
                Traffic.add(out, null, "to nobody");
                socket.send(out);
            }
            socket.drainErrors();

            assertEquals(over.refused(over.addressOf(former), "to nobody"), socket.nextError());
            assertEquals(over.refused(over.addressOf(present), "to nobody"), socket.nextError());
        }
    }
}
