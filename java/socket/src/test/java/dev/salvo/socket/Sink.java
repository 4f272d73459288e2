package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.Loopback;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** A socket whose thread receives datagrams that hold one int, their number, until the last one. */
final class Sink {

    private record Received(List<Integer> numbers, long drops) {
    }

    final SockAddr address;
    private final int expected;
    private final CompletableFuture<SockAddr> bound = new CompletableFuture<>();
    private final CompletableFuture<Received> received = new CompletableFuture<>();

    Sink(Loopback loopback, int expected) throws Exception {
        this.expected = expected;
        Thread.ofPlatform().daemon().start(() -> drain(loopback));
        address = bound.get(10, TimeUnit.SECONDS);
    }

    private void drain(Loopback loopback) {
        try (var socket = loopback.bound();
                var batch = ReceiveBatch.open()) {
            socket.set(SocketLevelOptions.RCVBUF, 4 * 1024 * 1024);
            bound.complete(socket.localAddress());
            var numbers = new ArrayList<Integer>(expected);
            // Late datagrams and duplicates both end up here.
            while (socket.awaitReadable(Duration.ofMillis(numbers.size() < expected ? 5_000 : 100))) {
                socket.receive(batch);
                for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
                    numbers.add(datagram.segment().get(ValueLayout.JAVA_INT_UNALIGNED, datagram.offset()));
                }
            }
            received.complete(new Received(numbers, socket.statistics().kernelPacketDrops()));
        } catch (Throwable t) {
            bound.completeExceptionally(t);
            received.completeExceptionally(t);
        }
    }

    void assertAllArrivedOnceInOrder() throws Exception {
        var result = received.get(30, TimeUnit.SECONDS);
        assertEquals(0, result.drops, "the receiver dropped some");
        assertEquals(expected, result.numbers.size());
        assertEquals(IntStream.range(0, expected).boxed().toList(), result.numbers);
    }
}
