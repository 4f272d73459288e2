package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.poll.EpollPoller;
import dev.salvo.socket.poll.Readiness;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trap 4: an entry in the error queue keeps EPOLLERR reported until it is read, whichever events are watched, and the
 * queue takes its memory from the receive buffer. Trap 5: neither is a reason to close a UDP socket.
 */
@OnLoopback
record ErrorQueueTest(Loopback loopback) {

    private static final long SECOND = 1_000_000_000;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void epollReportsAnErrorUntilTheQueueIsDrained(boolean readable) throws SyscallException {
        try (var pair = new Pair(loopback);
                var dead = loopback.dead();
                var poller = EpollPoller.open()) {
            var socket = pair.sender;
            socket.set(loopback.recvErr(), true);
            poller.add(socket, readable ? Readiness.READABLE : 0, socket);
            assertEquals(0, poller.await(0));
            Traffic.add(pair.out, dead.localAddress(), "to nobody");
            assertEquals(1, pair.send());
            assertEquals(1, poller.await(SECOND));
            assertEquals(Readiness.ERROR, poller.readiness(0) & Readiness.ERROR);
            // A receive clears the pending error, not the queue.
            assertEquals(
                    Errno.ECONNREFUSED,
                    assertThrows(SyscallException.class, () -> socket.receive(pair.in)).errno());
            assertEquals(0, socket.receive(pair.in));
            assertEquals(1, poller.await(0));
            assertEquals(0, socket.drainErrors());
            assertEquals(1, socket.statistics().errorQueueEntries());
            assertEquals(0, poller.await(0));
            assertSendsAndReceives(pair);
        }
    }

    private void assertSendsAndReceives(Pair pair) throws SyscallException {
        assertEquals(1, pair.add("still here").send());
        assertEquals(List.of("still here"), Traffic.texts(pair.receive(1)));
        Traffic.add(pair.out, pair.sender.localAddress(), "and here");
        assertEquals(1, pair.receiver.send(pair.out));
        assertEquals(List.of("and here"), Traffic.texts(Traffic.receive(pair.sender, pair.in, 1)));
    }

    @Test
    void withoutAQueueThePendingErrorOfAConnectedSocketIsReported() throws SyscallException {
        try (var pair = new Pair(loopback);
                var dead = loopback.dead();
                var poller = EpollPoller.open()) {
            var socket = pair.sender;
            poller.add(socket, Readiness.READABLE, socket);
            socket.connect(dead.localAddress());
            Traffic.add(pair.out, null, "to nobody");
            assertEquals(1, pair.send());
            assertEquals(1, poller.await(SECOND));
            assertEquals(Readiness.ERROR, poller.readiness(0) & Readiness.ERROR);
            assertEquals(Errno.ECONNREFUSED, socket.drainErrors());
            assertEquals(0, socket.drainErrors());
            assertEquals(0, poller.await(0));
            socket.connect(pair.to);
            Traffic.add(pair.out, null, "to somebody");
            assertEquals(1, pair.send());
            assertEquals(List.of("to somebody"), Traffic.texts(pair.receive(1)));
        }
    }

    /** Without a drain the queue fills the receive buffer: 19 of 20 datagrams were dropped. */
    @Test
    void sendingDrainsTheQueueSoThatNothingReceivedIsDropped() throws SyscallException {
        try (var pair = new Pair(loopback);
                var dead = loopback.dead()) {
            pair.sender.set(loopback.recvErr(), true);
            for (int i = 0; i < 2_000; i++) {
                Traffic.add(pair.out, dead.localAddress(), "to nobody");
                assertEquals(1, pair.send());
            }
            pair.out.coalescing(false);
            Traffic.add(pair.out, pair.sender.localAddress(), Collections.nCopies(20, "a").toArray(String[]::new));
            assertEquals(20, pair.receiver.send(pair.out));
            pair.sender.drainErrors();
            assertEquals(20, Traffic.receive(pair.sender, pair.in, 20).size());
            assertEquals(0, pair.sender.statistics().kernelPacketDrops());
        }
    }

    @Test
    void manyEntriesAreDrained() throws SyscallException {
        try (var pair = new Pair(loopback);
                var dead = loopback.dead();
                var poller = EpollPoller.open()) {
            pair.sender.set(loopback.recvErr(), true);
            poller.add(pair.sender, Readiness.READABLE, pair.sender);
            pair.out.coalescing(false);
            for (int i = 0; i < 100; i++) {
                Traffic.add(pair.out, dead.localAddress(), "to nobody");
            }
            assertEquals(100, pair.send());
            assertEquals(List.of(), pair.out.failures());
            pair.sender.drainErrors();
            assertEquals(100, pair.sender.statistics().errorQueueEntries());
            assertEquals(0, poller.await(0));
        }
    }
}
