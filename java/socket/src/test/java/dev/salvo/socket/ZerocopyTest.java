package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.option.SocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sends with MSG_ZEROCOPY, made by hand: each is told once, in ranges, and loopback has copied them all. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ZerocopyTest {

    private static final int LENGTH = 20_000;

    private static void send(AskedPair pair, RawMessage.Control control) {
        assertEquals(LENGTH, RawMessage.send(pair.sender, pair.to, new byte[LENGTH], control, Linux.MSG_ZEROCOPY()));
    }

    private static List<Completion> drained(UdpSocket socket, int entries) throws SyscallException {
        while (socket.statistics().errorQueueEntries() < entries) {
            assertTrue(socket.awaitReadable(null));
            assertEquals(0, socket.drainErrors());
        }
        assertEquals(0, socket.get(SocketOptions.ERROR));
        return Stamps.completions(socket);
    }

    @ParameterizedTest
    @EnumSource
    void eachSendIsInOneRange(Over over) throws SyscallException {
        try (var pair = new AskedPair(over)) {
            pair.sender.set(SocketOptions.ZEROCOPY, true);
            var numbers = new ArrayList<Long>();
            for (int i = 0; i < 5; i++) {
                send(pair, (room, writer) -> 0);
                send(pair, (room, writer) -> 0);
                for (var completion : drained(pair.sender, i + 1)) {
                    var zerocopy = assertInstanceOf(ZerocopyCompletion.class, completion);
                    assertTrue(zerocopy.copied());
                    LongStream.rangeClosed(zerocopy.first(), zerocopy.last()).forEach(numbers::add);
                }
            }
            assertEquals(LongStream.range(0, 10).boxed().toList(), numbers);
        }
    }

    @ParameterizedTest
    @EnumSource
    void besideTimestamps(Over over) throws SyscallException {
        try (var pair = new AskedPair(over)) {
            pair.sender.set(SocketOptions.ZEROCOPY, true);
            TransmitTimestamp.enable(pair.sender);
            send(pair, (room, writer) -> {
                OptionControl.writeTimestamp(writer, 77);
                return writer.length();
            });
            var told = drained(pair.sender, 2);
            assertEquals(2, told.size());
            assertTrue(told.contains(new ZerocopyCompletion(0, 0, true)), told::toString);
            assertTrue(
                    told.stream()
                            .anyMatch(stamp -> stamp instanceof TransmitTimestamp timestamp && timestamp.id() == 77),
                    told::toString);
        }
    }
}
