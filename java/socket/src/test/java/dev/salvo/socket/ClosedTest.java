package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.option.SocketOptions;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is closed throws IllegalStateException when it is used, and makes no system call with its old number. */
@OnLoopback
record ClosedTest(Loopback loopback) {

    private static void assertClosed(Executable use) {
        assertThrows(IllegalStateException.class, use);
    }

    @Test
    void aSocket() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("unread").send();
            var socket = pair.receiver;
            assertTrue(socket.isOpen());
            socket.close();
            assertFalse(socket.isOpen());
            assertClosed(() -> socket.bind(loopback.address(0)));
            assertClosed(() -> socket.connect(pair.to));
            assertClosed(() -> socket.receive(pair.in));
            assertClosed(() -> socket.get(SocketOptions.RCVBUF));
            assertClosed(() -> socket.set(SocketOptions.RCVBUF, 4096));
            assertClosed(() -> socket.awaitReadable(Duration.ZERO));
            assertClosed(socket::drainErrors);
            assertClosed(socket::localAddress);
            assertClosed(socket::descriptor);
            assertClosed(socket::statistics);
            pair.add("unsent");
            assertClosed(() -> socket.send(pair.out));
            assertEquals(1, pair.out.pendingDatagrams());
            socket.close();
        }
    }

    @Test
    void aReceiveBatch() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("a", "b").send();
            assertTrue(pair.receiver.awaitReadable(null));
            pair.receiver.receive(pair.in);
            Objects.requireNonNull(pair.in.next());
            pair.in.close();
            assertClosed(pair.in::next);
            assertClosed(pair.in::control);
            assertClosed(() -> pair.in.maxPacketSize(1));
            assertClosed(() -> pair.receiver.receive(pair.in));
            pair.in.close();
        }
    }

    @Test
    void aSendBatch() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.add("a");
            pair.out.close();
            assertEquals(0, pair.out.pendingDatagrams());
            assertClosed(() -> pair.add("b"));
            assertClosed(pair.out::clear);
            assertClosed(() -> pair.out.coalescing(true));
            pair.out.close();
        }
    }

    @Test
    void aPoller() throws SyscallException {
        try (var socket = loopback.bound()) {
            var poller = EpollPoller.open();
            var token = poller.add(socket, Readiness.READABLE, socket);
            poller.close();
            assertClosed(() -> poller.await(0));
            assertClosed(() -> poller.add(socket, Readiness.READABLE, socket));
            assertClosed(() -> poller.modify(socket, Readiness.READABLE, token));
            assertClosed(() -> poller.remove(socket, token));
            poller.close();
        }
    }

    @Test
    void anEventFd() throws SyscallException {
        var wake = EventFd.open();
        wake.close();
        assertClosed(wake::take);
        wake.signal();
        wake.close();
    }

    @Test
    void aSocketThatAPollerIsAskedToWatch() throws SyscallException {
        try (var poller = EpollPoller.open();
                var socket = loopback.bound()) {
            var closed = loopback.bound();
            closed.close();
            assertClosed(() -> poller.add(closed, Readiness.READABLE, closed));
            assertEquals(0, poller.add(socket, Readiness.READABLE, socket), "the first slot is still free");
        }
    }
}
