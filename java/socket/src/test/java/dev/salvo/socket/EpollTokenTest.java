package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.socket.internal.Kernels;
import org.junit.jupiter.api.Test;

/**
 * Trap 17: epoll watches an open file, not a number: while a duplicate of a closed socket lives, so do its events. A
 * socket that was removed is told of no more, whatever epoll still has.
 */
@OnLoopback
record EpollTokenTest(Loopback loopback) {

    private static final long SECOND = 1_000_000_000;

    /** A duplicate of a descriptor, as a child process would have. */
    private static UdpSocket duplicate(UdpSocket socket) throws SyscallException {
        return UdpSocket.adopt(Kernels.current().dup(socket.descriptor()));
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
    void aTokenThatWasGivenUpIsNotTold() throws SyscallException {
        try (var pair = new Pair(loopback);
                var poller = EpollPoller.open()) {
            var token = poller.add(pair.receiver, Readiness.READABLE, "receiver");
            pair.add("readable").send();
            assertEquals(1, poller.await(SECOND));
            poller.remove(pair.receiver, token);
            assertNull(poller.attachment(0), "fetched before it was removed");
            var next = poller.add(pair.sender, Readiness.READABLE, "sender");
            assertEquals((int) token, (int) next, "the slot is used again");
            assertNull(poller.attachment(0), "the slot is another's now");
        }
    }

    @Test
    void aTokenOfAnEarlierOwnerOfTheSlotRemovesNobodyElse() throws SyscallException {
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

    /** The mistake that the javadoc warns of: its events go on, but nobody is told whose they are. */
    @Test
    void aSocketRemovedAfterItsCloseIsNotToldEither() throws SyscallException {
        try (var pair = new Pair(loopback);
                var poller = EpollPoller.open();
                var duplicate = duplicate(pair.receiver)) {
            var token = poller.add(pair.receiver, Readiness.READABLE, "receiver");
            pair.receiver.close();
            pair.add("readable").send();
            assertEquals(1, poller.await(SECOND));
            assertThrows(IllegalStateException.class, () -> poller.remove(pair.receiver, token));
            assertEquals(1, poller.await(SECOND));
            assertNull(poller.attachment(0));
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
