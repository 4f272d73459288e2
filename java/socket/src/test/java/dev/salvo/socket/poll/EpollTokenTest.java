package dev.salvo.socket.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.Pair;
import dev.salvo.socket.Traffic;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import org.junit.jupiter.api.Test;

/**
 * Trap 17: epoll watches an open file, not a descriptor number. While a duplicate of a closed socket lives, its events
 * continue. After a socket was removed none of its events is reported, whatever epoll still holds.
 */
@OnLoopback
record EpollTokenTest(Loopback loopback) {

    private static final long SECOND = 1_000_000_000;

    /** A duplicate of a descriptor, as a child process would hold it. */
    private static UdpSocket duplicate(UdpSocket socket) throws SyscallException {
        return UdpSocket.adopt(Kernels.current().fcntl(socket.descriptor(), Linux.F_DUPFD(), 0));
    }

    @Test
    void aSocketRemovedBeforeItsCloseHasNoEvents() throws SyscallException {
        try (var pair = new Pair(loopback);
                var poller = EpollPoller.open();
                var duplicate = duplicate(pair.receiver)) {
            var token = poller.add(pair.receiver, Readiness.READABLE, "receiver");
            pair.add("readable").send();
            assertEquals(1, poller.await(SECOND));
            assertSame("receiver", poller.attachment(0));
            poller.remove(pair.receiver, token);
            pair.receiver.close();
            assertEquals(0, poller.await(0));
            assertEquals(1, Traffic.receive(duplicate, pair.in, 1).size());
        }
    }

    @Test
    void aReleasedTokenIsNotReported() throws SyscallException {
        try (var pair = new Pair(loopback);
                var poller = EpollPoller.open()) {
            var token = poller.add(pair.receiver, Readiness.READABLE, "receiver");
            pair.add("readable").send();
            assertEquals(1, poller.await(SECOND));
            poller.remove(pair.receiver, token);
            assertNull(poller.attachment(0), "an event fetched before the removal was reported");
            var next = poller.add(pair.sender, Readiness.READABLE, "sender");
            assertEquals((int) token, (int) next, "the slot was not reused");
            assertNull(poller.attachment(0), "a stale event reached the new owner of the slot");
        }
    }

    @Test
    void aStaleTokenRemovesNoOtherSocket() throws SyscallException {
        try (var pair = new Pair(loopback);
                var poller = EpollPoller.open()) {
            var old = poller.add(pair.receiver, Readiness.READABLE, "receiver");
            poller.remove(pair.receiver, old);
            poller.add(pair.receiver, Readiness.READABLE, "again");
            assertThrows(SyscallException.class, () -> poller.remove(pair.sender, old));
            pair.add("readable").send();
            assertEquals(1, poller.await(SECOND));
            assertSame("again", poller.attachment(0));
        }
    }

    /** While a duplicate is open, the kernel goes on reporting it. The poller then leaves the old set. */
    @Test
    void aSocketRemovedAfterItsCloseIsNotReported() throws SyscallException {
        try (var pair = new Pair(loopback);
                var poller = EpollPoller.open();
                var duplicate = duplicate(pair.receiver)) {
            var token = poller.add(pair.receiver, Readiness.READABLE, "receiver");
            pair.receiver.close();
            pair.add("readable").send();
            assertEquals(1, poller.await(SECOND));
            assertThrows(IllegalStateException.class, () -> poller.remove(pair.receiver, token));
            assertEquals(0, poller.await(SECOND));
            assertEquals(0, poller.await(0));
            assertEquals(1, Traffic.receive(duplicate, pair.in, 1).size());
        }
    }

    @Test
    void aTokenIsNotTheNumberOfTheDescriptor() throws SyscallException {
        try (var poller = EpollPoller.open()) {
            for (int i = 0; i < 100; i++) {
                var socket = loopback.bound();
                var token = poller.add(socket, Readiness.READABLE, socket);
                assertEquals((long) i << 32, token, "one slot, a generation for each use");
                poller.remove(socket, token);
                socket.close();
            }
        }
    }
}
