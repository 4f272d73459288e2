package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.ShutDown;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Once another holder has shut a socket down, poll reports it readable for ever, and receiving says EAGAIN. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShutDownSocketTest {

    /** The README's loop: wait, receive. What had arrived is received first. */
    private static int turns(UdpSocket socket, ReceiveBatch batch) throws SyscallException {
        int received = 0;
        for (int turns = 0; turns < 1_000; turns++) {
            assertTrue(socket.awaitReadable(Duration.ofSeconds(10)));
            try {
                received += socket.receive(batch);
            } catch (SyscallException e) {
                assertEquals(Errno.ESHUTDOWN, e.errno());
                assertEquals("recvmmsg on a socket that another holder has shut down: ESHUTDOWN (shut down)",
                        e.getMessage());
                return received;
            }
        }
        throw new AssertionError("a thousand turns");
    }

    @ParameterizedTest
    @ValueSource(ints = {ShutDown.SHUT_RD, ShutDown.SHUT_RDWR})
    void theNextReceiveCallThrows(int how) throws SyscallException {
        try (var pair = new Pair(Loopback.IPV4)) {
            pair.out.coalescing(false);
            pair.add(3, 10).send();
            ShutDown.socket(pair.receiver.descriptor(), how);
            assertEquals(3, turns(pair.receiver, pair.in));
            assertThrows(SyscallException.class, () -> pair.receiver.receive(pair.in));
        }
    }

    /** Its receive half is as before. */
    @ParameterizedTest
    @EnumSource
    void aSocketThatMayNoLongerSendStillReceives(Loopback loopback) throws SyscallException {
        try (var pair = new Pair(loopback)) {
            ShutDown.socket(pair.receiver.descriptor(), ShutDown.SHUT_WR);
            assertFalse(pair.receiver.awaitReadable(Duration.ofMillis(1)));
            pair.add(1, 10).send();
            assertTrue(pair.receiver.awaitReadable(Duration.ofSeconds(10)));
            assertEquals(1, pair.receiver.receive(pair.in));
            assertEquals(0, pair.receiver.receive(pair.in));
        }
    }
}
