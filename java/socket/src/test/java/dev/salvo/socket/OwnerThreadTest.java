package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.option.SocketOptions;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Trap 18: between a check and a system call of one thread, another could close the descriptor and open a file under
 * the same number. So all belongs to one thread; any other is refused before anything is changed.
 */
@OnLoopback
record OwnerThreadTest(Loopback loopback) {

    /** Runs it on another thread, where it has to throw WrongThreadException. */
    private static void assertRefusedElsewhere(String what, Executable use) {
        var elsewhere = CompletableFuture.runAsync(() -> assertThrows(WrongThreadException.class, use, what),
                command -> {
                    Thread.ofPlatform().start(command);
                });
        elsewhere.join();
    }

    @Test
    void ofASocket() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var socket = pair.receiver;
            var address = loopback.address(0);
            Map<String, Executable> uses = new LinkedHashMap<>();
            uses.put("bind", () -> socket.bind(address));
            uses.put("connect", () -> socket.connect(pair.to));
            uses.put("get", () -> socket.get(SocketOptions.RCVBUF));
            uses.put("set", () -> socket.set(SocketOptions.RCVBUF, 4096));
            uses.put("awaitReadable", () -> socket.awaitReadable(Duration.ZERO));
            uses.put("drainErrors", socket::drainErrors);
            uses.put("localAddress", socket::localAddress);
            uses.put("descriptor", socket::descriptor);
            uses.put("statistics", socket::statistics);
            uses.put("close", socket::close);
            uses.put("receive into its own batch", () -> {
                try (var own = ReceiveBatch.open(1)) {
                    socket.receive(own);
                }
            });
            uses.put("send its own batch", () -> {
                try (var own = SendBatch.open()) {
                    Traffic.add(own, pair.to, "stray");
                    socket.send(own);
                }
            });
            uses.forEach(OwnerThreadTest::assertRefusedElsewhere);
            pair.add("still works").send();
            assertEquals(List.of("still works"), Traffic.texts(pair.receive(1)));
        }
    }

    @Test
    void ofAReceiveBatch() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("a", "b", "c").send();
            assertTrue(pair.receiver.awaitReadable(null));
            pair.receiver.receive(pair.in);
            var datagram = Objects.requireNonNull(pair.in.next());
            assertRefusedElsewhere("next", pair.in::next);
            assertRefusedElsewhere("control", pair.in::control);
            assertRefusedElsewhere("maxPacketSize", () -> pair.in.maxPacketSize(1));
            assertRefusedElsewhere("close", pair.in::close);
            assertRefusedElsewhere("receive of an own socket", () -> {
                try (var own = loopback.bound()) {
                    own.receive(pair.in);
                }
            });
            assertRefusedElsewhere("length", datagram::length);
            assertRefusedElsewhere("source", datagram::source);
            assertRefusedElsewhere("copy", datagram::copy);
            assertRefusedElsewhere("copyTo", () -> datagram.copyTo(new byte[1]));
            assertRefusedElsewhere("get", () -> datagram.get(0));
            assertEquals('a', datagram.get(0));
            assertEquals('b', Objects.requireNonNull(pair.in.next()).get(0));
            assertEquals('c', Objects.requireNonNull(pair.in.next()).get(0));
        }
    }

    @Test
    void ofASendBatch() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("a");
            var payload = MemorySegment.ofArray(new byte[1]);
            assertRefusedElsewhere("add", () -> pair.out.add(payload, 0, 1, pair.to));
            assertRefusedElsewhere("clear", pair.out::clear);
            assertRefusedElsewhere("coalescing", () -> pair.out.coalescing(false));
            assertRefusedElsewhere("close", pair.out::close);
            assertRefusedElsewhere("send of an own socket", () -> {
                try (var own = loopback.bound()) {
                    own.send(pair.out);
                }
            });
            assertEquals(1, pair.out.pendingDatagrams());
            assertEquals(2, pair.add("b").send());
            assertEquals(1, pair.sender.statistics().messagesSent());
            assertEquals(List.of("a", "b"), Traffic.texts(pair.receive(2)));
        }
    }

    @Test
    void ofAPollerAndOfAnEventFd() throws SyscallException {
        try (var poller = EpollPoller.open();
                var wake = EventFd.open();
                var socket = loopback.bound();
                var other = loopback.bound()) {
            poller.add(wake, wake);
            var token = poller.add(socket, Readiness.READABLE, socket);
            assertRefusedElsewhere("add", () -> poller.add(other, Readiness.READABLE, other));
            assertRefusedElsewhere("modify", () -> poller.modify(socket, Readiness.READABLE, token));
            assertRefusedElsewhere("remove", () -> poller.remove(socket, token));
            assertRefusedElsewhere("await", () -> poller.await(0));
            assertRefusedElsewhere("close of the poller", poller::close);
            assertRefusedElsewhere("take", wake::take);
            assertRefusedElsewhere("close of the eventfd", wake::close);
            wake.signal();
            assertEquals(1, poller.await(0));
            assertEquals(wake, poller.attachment(0));
            poller.remove(socket, token);
        }
    }
}
