package dev.salvo.socket.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.Pair;
import dev.salvo.socket.Traffic;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A poller reports the watched events of each socket, level-triggered, and waits no longer than its timeout. */
@OnLoopback
record EpollPollerTest(Loopback loopback) {

    private static final long SECOND = 1_000_000_000;

    @Test
    void onlyReadableSocketsAreReported() throws SyscallException {
        var sockets = new ArrayList<UdpSocket>();
        try (var pair = new Pair(loopback);
                var poller = EpollPoller.open()) {
            for (int i = 0; i < 40; i++) {
                var socket = loopback.bound();
                sockets.add(socket);
                poller.add(socket, Readiness.READABLE, i);
            }
            for (int i : List.of(3, 17, 39)) {
                Traffic.add(pair.out, sockets.get(i).localAddress(), "wake");
            }
            pair.send();
            assertEquals(3, poller.await(SECOND));
            var attachments = new HashSet<Object>();
            for (int i = 0; i < 3; i++) {
                attachments.add(Objects.requireNonNull(poller.attachment(i)));
                assertEquals(Readiness.READABLE, poller.readiness(i));
            }
            assertEquals(Set.of(3, 17, 39), attachments);
            assertEquals(3, poller.await(0), "level-triggered");
        } finally {
            sockets.forEach(UdpSocket::close);
        }
    }

    @Test
    void theWatchedEventsCanBeChanged() throws SyscallException {
        try (var pair = new Pair(loopback);
                var poller = EpollPoller.open()) {
            var token = poller.add(pair.receiver, 0, "receiver");
            pair.add("readable").send();
            assertEquals(0, poller.await(0));
            poller.modify(pair.receiver, Readiness.READABLE | Readiness.WRITABLE, token);
            assertEquals(1, poller.await(SECOND));
            assertEquals(Readiness.READABLE | Readiness.WRITABLE, poller.readiness(0));
            poller.modify(pair.receiver, Readiness.WRITABLE, token);
            assertEquals(1, poller.await(SECOND));
            assertEquals(Readiness.WRITABLE, poller.readiness(0));
        }
    }

    @Test
    void awaitEndsAtItsTimeout() throws SyscallException {
        try (var socket = loopback.bound();
                var poller = EpollPoller.open()) {
            poller.add(socket, Readiness.READABLE, socket);
            var start = System.nanoTime();
            assertEquals(0, poller.await(30_000_000));
            var waited = System.nanoTime() - start;
            assertTrue(waited >= 30_000_000 && waited < 5 * SECOND, waited + " ns");
            assertEquals(0, poller.await(1), "one nanosecond");
        }
    }

    @Test
    void aSecondAddAndAnUnknownModifyAreRefused() throws SyscallException {
        try (var pair = new Pair(loopback);
                var poller = EpollPoller.open()) {
            var token = poller.add(pair.receiver, Readiness.READABLE, "receiver");
            var twice = assertThrows(
                    SyscallException.class, () -> poller.add(pair.receiver, Readiness.READABLE, "receiver"));
            assertEquals(Errno.EEXIST, twice.errno());
            var unwatched = assertThrows(SyscallException.class, () -> poller.modify(pair.sender, 0, token));
            assertEquals(Errno.ENOENT, unwatched.errno());
        }
    }
}
