package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.poll.EpollPoller;
import dev.salvo.socket.poll.EventFd;
import dev.salvo.socket.poll.Readiness;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is opened with a lock may be used by any thread that holds it, and by no other. */
@Tag("loopback")
class LockOwnerTest {

    private final ReentrantLock lock = new ReentrantLock();

    private <T> T locked(Callable<T> call) throws Exception {
        lock.lock();
        try {
            return call.call();
        } finally {
            lock.unlock();
        }
    }

    /** Runs a call on a thread of its own, which holds the lock. */
    private <T> T elsewhere(Callable<T> call) throws Exception {
        var result = new CompletableFuture<T>();
        var thread = Thread.ofPlatform().start(() -> {
            try {
                result.complete(locked(call));
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        thread.join();
        return result.get();
    }

    @Test
    void threadsTakeTurns() throws Exception {
        var receiver = elsewhere(() -> UdpSocket.open(StandardProtocolFamily.INET, lock));
        var sender = locked(() -> UdpSocket.open(StandardProtocolFamily.INET, lock));
        var in = elsewhere(() -> ReceiveBatch.open(4, lock));
        var out = locked(() -> SendBatch.open(65_535, lock));
        elsewhere(() -> {
            receiver.bind(SockAddr.of("127.0.0.1", 0));
            return null;
        });
        var to = locked(receiver::localAddress);
        for (int i = 0; i < 100; i++) {
            var payload = new byte[1_000];
            assertTrue(i % 2 == 0 ? elsewhere(() -> out.add(payload, to)) : locked(() -> out.add(payload, to)));
        }
        assertEquals(100, elsewhere(() -> sender.send(out)));
        var came = 0;
        while (came < 100) {
            assertTrue(locked(() -> receiver.receive(in)) > 0);
            while (elsewhere(() -> in.next() != null)) {
                came++;
            }
        }
        elsewhere(() -> {
            in.close();
            out.close();
            receiver.close();
            return null;
        });
        locked(() -> {
            sender.close();
            return null;
        });
    }

    @Test
    void aPollerWatchesAnyDescriptor() throws Exception {
        var poller = locked(() -> EpollPoller.open(lock));
        var socket = locked(() -> UdpSocket.open(StandardProtocolFamily.INET, lock));
        var number = locked(socket::descriptor);
        var token = elsewhere(() -> poller.add(number, Readiness.WRITABLE, "it"));
        assertEquals(1, elsewhere(() -> poller.await(-1)));
        assertEquals("it", locked(() -> poller.attachment(0)));
        locked(() -> {
            poller.modify(number, Readiness.READABLE, token);
            return null;
        });
        assertEquals(0, elsewhere(() -> poller.await(0)));
        elsewhere(() -> {
            poller.modify(number, Readiness.WRITABLE, token);
            poller.remove(number, token);
            assertEquals(0, poller.await(0));
            poller.close();
            socket.close();
            return null;
        });
    }

    /** The calling thread opened all of it, and holds no lock now. */
    @Test
    void withoutTheLockEveryCallIsRefused() throws Exception {
        var socket = locked(() -> UdpSocket.open(StandardProtocolFamily.INET, lock));
        var in = locked(() -> ReceiveBatch.open(4, lock));
        var out = locked(() -> SendBatch.open(65_535, lock));
        var poller = locked(() -> EpollPoller.open(lock));
        var signal = locked(() -> EventFd.open(lock));
        var to = SockAddr.of("127.0.0.1", 9);
        assertTrue(locked(() -> out.add(new byte[8], to)));
        var calls = new ArrayList<Executable>(List.of(
                socket::localAddress, socket::descriptor, socket::statistics, socket::close,
                () -> socket.receive(in), () -> socket.send(out), () -> socket.awaitReadable(null),
                in::next, in::control, in::close,
                // The second datagram of a run, and one that begins another.
                () -> out.add(new byte[8], to), () -> out.add(new byte[9], SockAddr.of("127.0.0.1", 10)),
                out::clear, out::close,
                () -> poller.await(0), () -> poller.add(socket, Readiness.READABLE, "it"), poller::close,
                signal::take, signal::close));
        for (var call : calls) {
            assertThrows(WrongThreadException.class, call);
        }
        assertThrows(WrongThreadException.class, () -> UdpSocket.adopt(0, lock));
        assertThrows(WrongThreadException.class, () -> EventFd.open(lock));
        assertEquals(1, (int) locked(out::pendingDatagrams));
        locked(() -> {
            in.close();
            out.close();
            poller.close();
            signal.close();
            socket.close();
            return null;
        });
    }
}
