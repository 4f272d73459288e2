package dev.salvo.socket.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A wait ends by what it waits for, by its time, or by another thread; and it holds no carrier. */
@Tag("loopback")
@Timeout(60)
class DescriptorWaitTest {

    enum Kind {
        PLATFORM, VIRTUAL;

        <T> Future<T> start(Callable<T> work) {
            var task = new FutureTask<>(work);
            (this == PLATFORM ? Thread.ofPlatform().daemon() : Thread.ofVirtual()).start(task);
            return task;
        }
    }

    private UdpSocket socket;
    private DescriptorWait wait;

    @BeforeEach
    void open() throws Exception {
        socket = UdpSocket.open(StandardProtocolFamily.INET);
        socket.bind(SockAddr.of("127.0.0.1", 0));
        wait = DescriptorWait.open();
    }

    @AfterEach
    void close() {
        wait.close();
        socket.close();
    }

    private void send() throws Exception {
        assertTrue(socket.send(ByteBuffer.wrap(new byte[1]), socket.localAddress()));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReadyAlreadyIsNotWaitedFor(Kind kind) throws Exception {
        var descriptor = socket.descriptor();
        assertTrue(kind.start(() -> wait.await(descriptor, Readiness.WRITABLE, -1)).get(10, TimeUnit.SECONDS));
        send();
        assertTrue(kind.start(() -> wait.await(descriptor, Readiness.READABLE, 0)).get(10, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @EnumSource
    void aDatagramEndsTheWaitOfEachThread(Kind kind) throws Exception {
        var descriptor = socket.descriptor();
        var waits = new ArrayList<Future<Boolean>>();
        for (int i = 0; i < 20; i++) {
            waits.add(kind.start(() -> wait.await(descriptor, Readiness.READABLE, -1)));
        }
        Thread.sleep(50);
        send();
        for (var each : waits) {
            assertTrue(each.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTimeRunsOut(Kind kind) throws Exception {
        var descriptor = socket.descriptor();
        assertFalse(kind.start(() -> wait.await(descriptor, Readiness.READABLE, 20_000_000))
                .get(10, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @EnumSource
    void endEndsAllWaitsAndLaterOnes(Kind kind) throws Exception {
        var descriptor = socket.descriptor();
        var waits = new ArrayList<Future<Boolean>>();
        for (int i = 0; i < 20; i++) {
            waits.add(kind.start(() -> wait.await(descriptor, Readiness.READABLE, -1)));
        }
        Thread.sleep(50);
        wait.end();
        for (var each : waits) {
            assertFalse(each.get(10, TimeUnit.SECONDS));
        }
        send();
        assertFalse(kind.start(() -> wait.await(descriptor, Readiness.READABLE, -1)).get(10, TimeUnit.SECONDS));
    }

    /** epoll takes a descriptor once, so a reader and a writer share its entry. */
    @Test
    void virtualThreadsWaitForOneDescriptorInBothDirections() throws Exception {
        var descriptor = socket.descriptor();
        var reader = Kind.VIRTUAL.start(() -> wait.await(descriptor, Readiness.READABLE, -1));
        for (int i = 0; i < 100; i++) {
            assertTrue(Kind.VIRTUAL.start(() -> wait.await(descriptor, Readiness.WRITABLE, -1))
                    .get(10, TimeUnit.SECONDS));
        }
        assertFalse(reader.isDone());
        send();
        assertTrue(reader.get(10, TimeUnit.SECONDS));
    }

    /** The next socket has the number of the one before. */
    @Test
    void aNumberThatIsUsedAgainIsWatchedAgain() throws Exception {
        for (int i = 0; i < 200; i++) {
            try (var next = UdpSocket.open(StandardProtocolFamily.INET)) {
                next.bind(SockAddr.of("127.0.0.1", 0));
                var descriptor = next.descriptor();
                if (i % 2 == 0) {
                    assertFalse(Kind.VIRTUAL.start(() -> wait.await(descriptor, Readiness.READABLE, 1_000_000))
                            .get(10, TimeUnit.SECONDS));
                } else {
                    var waiting = Kind.VIRTUAL.start(() -> wait.await(descriptor, Readiness.READABLE, -1));
                    socket.send(ByteBuffer.wrap(new byte[1]), next.localAddress());
                    assertTrue(waiting.get(10, TimeUnit.SECONDS));
                }
            }
        }
    }

    @Test
    void anInterruptEndsTheWaitOfAVirtualThread() throws Exception {
        var descriptor = socket.descriptor();
        var task = new FutureTask<>(() -> wait.await(descriptor, Readiness.READABLE, -1));
        var thread = Thread.ofVirtual().start(task);
        Thread.sleep(50);
        thread.interrupt();
        assertEquals(false, task.get(10, TimeUnit.SECONDS));
    }
}
