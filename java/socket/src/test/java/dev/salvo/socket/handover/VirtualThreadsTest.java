package dev.salvo.socket.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.poll.EpollPoller;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * A wait in a system call holds the carrier of a virtual thread: it is refused there. To look without waiting is not.
 */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualThreadsTest {

    private static final Duration SHORT = Duration.ofMillis(20);

    private static void onVirtualThread(Callable<?> test) throws Exception {
        var task = new FutureTask<>(test);
        Thread.ofVirtual().start(task);
        task.get();
    }

    private static void assertRefused(Executable wait) {
        var e = assertThrows(IllegalStateException.class, wait);
        assertEquals(
                "this would block in a system call, and other virtual threads with it: call it on a platform thread",
                e.getMessage());
    }

    @Test
    void aSocketIsNotAwaited() throws Exception {
        onVirtualThread(() -> {
            try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
                assertRefused(() -> socket.awaitReadable(SHORT));
                assertRefused(() -> socket.awaitReadable(null));
                assertFalse(socket.awaitReadable(Duration.ZERO));
            }
            return 0;
        });
    }

    @Test
    void aPollerDoesNotWait() throws Exception {
        onVirtualThread(() -> {
            try (var poller = EpollPoller.open()) {
                assertRefused(() -> poller.await(SHORT.toNanos()));
                assertRefused(() -> poller.await(-1));
                assertEquals(0, poller.await(0));
            }
            return 0;
        });
    }

    @Test
    void aReceiverDoesNotWait(@TempDir Path folder) throws Exception {
        onVirtualThread(() -> {
            try (var receiver = DescriptorReceiver.listen(folder.resolve("handover"))) {
                assertRefused(() -> receiver.receive(SHORT));
                assertRefused(() -> receiver.receive(null));
                assertThrows(SocketTimeoutException.class, () -> receiver.receive(Duration.ZERO));
            }
            return 0;
        });
    }

    /** Before it connects, so that the receiver is not disturbed. */
    @Test
    void aSenderDoesNotWait(@TempDir Path folder) throws Exception {
        var path = folder.resolve("handover");
        try (var receiver = DescriptorReceiver.listen(path)) {
            onVirtualThread(() -> {
                assertRefused(() -> DescriptorSender.send(path, SHORT, 1));
                return 0;
            });
            assertThrows(SocketTimeoutException.class, () -> receiver.receive(Duration.ZERO));
        }
    }
}
