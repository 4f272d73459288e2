package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Trap 20: an empty datagram is a datagram. It neither ends the walk nor vanishes in a joined message, and it counts
 * when sent datagrams are removed from a batch. (Netty's epoll transport sent A, B, B for {@code [empty, A, B]}.)
 */
@OnLoopback
record EmptyDatagramsTest(Loopback loopback) {

    static Stream<List<String>> batches() {
        return Stream.of(
                List.of(""),
                List.of("", "A", "B"),
                List.of("A", "A", "", "A"),
                List.of("", "", ""),
                List.of("A", ""),
                List.of("", "A", "", "", "A", "A", ""));
    }

    @ParameterizedTest
    @MethodSource("batches")
    void emptyDatagramsArriveOnceInOrder(List<String> batch) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            assertEquals(batch.size(), pair.add(batch.toArray(String[]::new)).send());
            assertEquals(batch, Traffic.texts(pair.receive(batch.size())));
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void emptyDatagramsArriveWithGro(List<String> batch) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(UdpOptions.GRO, true);
            assertEquals(batch.size(), pair.add(batch.toArray(String[]::new)).send());
            assertEquals(batch, Traffic.texts(pair.receive(batch.size())));
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void emptyDatagramsArriveWithoutCoalescing(List<String> batch) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.out.coalescing(false);
            assertEquals(batch.size(), pair.add(batch.toArray(String[]::new)).send());
            assertEquals(batch, Traffic.texts(pair.receive(batch.size())));
        }
    }

    @ParameterizedTest
    @MethodSource("batches")
    void oneReceiveReturnsEveryDatagram(List<String> batch) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add(batch.toArray(String[]::new)).send();
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(batch.size(), pair.receiver.receive(pair.in));
            for (var text : batch) {
                var datagram = Objects.requireNonNull(pair.in.next());
                assertEquals(text.length(), datagram.length());
                assertEquals(pair.sender.localAddress(), datagram.source());
            }
            assertNull(pair.in.next());
            assertNull(pair.in.next());
        }
    }
}
