package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.control.ControlOptions;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.Needs;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hand-made sends with MSG_ZEROCOPY: their completions are read from the queue and hide no timestamp. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZerocopyTest {

    private static final int LENGTH = 20_000;
    private static final SockOpt<Boolean> ZEROCOPY = SockOpt.ofBoolean("SO_ZEROCOPY", Linux.SOL_SOCKET(),
            Linux.SO_ZEROCOPY());

    private static void send(AskedPair pair, RawMessage.Control control) {
        assertEquals(LENGTH, RawMessage.send(pair.sender, pair.to, new byte[LENGTH], control, Linux.MSG_ZEROCOPY()));
    }

    @ParameterizedTest
    @EnumSource
    void completionsAreDiscardedAndTimestampsReported(Over over) throws SyscallException {
        Needs.transmitTimestamps();
        try (var pair = new AskedPair(over)) {
            pair.sender.set(ZEROCOPY, true);
            TransmitTimestamp.enable(pair.sender);
            for (int i = 0; i < 5; i++) {
                var id = 77 + i;
                send(pair, (room, writer) -> {});
                awaitEntries(pair.sender, 3 * i + 1);
                send(pair, (room, writer) -> ControlOptions.writeTimestamp(writer, id));
                awaitEntries(pair.sender, 3 * i + 3);
                assertEquals(List.of(id), Stamps.ids(Stamps.drain(pair.sender)));
            }
            assertEquals(0, pair.sender.get(SocketLevelOptions.ERROR));
            assertNull(pair.sender.nextError());
        }
    }

    private static void awaitEntries(UdpSocket socket, int entries) throws SyscallException {
        while (socket.statistics().errorQueueEntries() < entries) {
            assertTrue(socket.awaitReadable(null));
            assertEquals(0, socket.drainErrors());
        }
        assertEquals(entries, socket.statistics().errorQueueEntries());
    }
}
