package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Call;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.poll.Readiness;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After close every use is refused and no call is made, since the kernel may have given the descriptor to another file
 * (trap 18).
 */
@Tag("fault")
class ClosedTest {

    private static void requireRefused(OwnedThings.Use use, OwnedThings things) {
        things.kernel.forget();

        assertThrows(IllegalStateException.class, () -> use.of(things));

        assertEquals(List.of(), things.kernel.calls());
    }

    @ParameterizedTest
    @MethodSource("dev.salvo.socket.OwnedThings#ofSockets")
    void aClosedSocketRefusesEveryUse(OwnedThings.Use use) throws SyscallException {
        try (var things = new OwnedThings()) {
            things.socket.close();
            requireRefused(use, things);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.salvo.socket.OwnedThings#ofPollers")
    void aClosedPollerRefusesEveryUse(OwnedThings.Use use) throws SyscallException {
        try (var things = new OwnedThings()) {
            things.poller.close();
            requireRefused(use, things);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.salvo.socket.OwnedThings#ofBatches")
    void aClosedBatchRefusesEveryUse(OwnedThings.Use use) throws SyscallException {
        try (var things = new OwnedThings()) {
            things.sendBatch.close();
            things.emptySendBatch.close();
            things.receiveBatch.close();
            things.emptyReceiveBatch.close();
            requireRefused(use, things);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.salvo.socket.OwnedThings#ofEventFds")
    void aClosedEventFdRefusesEveryUse(OwnedThings.Use use) throws SyscallException {
        try (var things = new OwnedThings()) {
            things.eventFd.close();
            requireRefused(use, things);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.salvo.socket.OwnedThings#ofDatagrams")
    void aDatagramOfAClosedBatchRefusesEveryUse(OwnedThings.Use use) throws SyscallException {
        try (var things = new OwnedThings()) {
            things.receiveBatch.close();
            requireRefused(use, things);
        }
    }

    @Test
    void datagramsStayPendingIfTheSocketIsClosed() throws SyscallException {
        try (var things = new OwnedThings()) {
            things.socket.close();
            assertThrows(IllegalStateException.class, () -> things.socket.send(things.sendBatch));
            assertEquals(1, things.sendBatch.pendingDatagrams());
        }
    }

    @Test
    void aClosedBatchHasNothingPending() throws SyscallException {
        try (var things = new OwnedThings()) {
            things.sendBatch.close();
            assertEquals(0, things.sendBatch.pendingDatagrams());
        }
    }

    @Test
    void addingAClosedSocketToAPollerUsesNoSlot() throws SyscallException {
        try (var things = new OwnedThings()) {
            var closed = things.kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
            closed.close();
            requireRefused(t -> t.poller.add(closed, Readiness.READABLE, "closed"), things);
            assertEquals(things.token + 1, things.poller.add(things.unwatched, 0, "next"));
        }
    }

    @Test
    void aSignalToAClosedEventFdMakesNoCall() throws SyscallException {
        try (var things = new OwnedThings()) {
            things.eventFd.close();
            things.kernel.forget();

            things.eventFd.signal();

            assertEquals(List.of(), things.kernel.calls());
        }
    }

    @Test
    void everythingIsClosedOnceAndUnmappedOnce() throws SyscallException {
        var things = new OwnedThings();

        things.close();
        things.close();

        assertEquals(4, things.kernel.calls(Syscall.CLOSE).stream().map(Call::fd).distinct().count());
        assertEquals(4, things.kernel.calls(Syscall.CLOSE).size());
        assertEquals(4, things.kernel.calls(Syscall.MUNMAP).stream().map(Call::toString).distinct().count());
        assertEquals(4, things.kernel.calls(Syscall.MUNMAP).size());
    }
}
