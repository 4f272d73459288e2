package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.internal.Syscall;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reconnect that fails, where the kernel takes the former peer no longer either: the port is unconnected. */
@Tag("fault")
class NoWayBackTest {

    @ParameterizedTest
    @EnumSource
    void thePortIsUnconnectedAndWritesToAnybody(Loopback family) throws Exception {
        try (var faulty = new FaultyReactor(); var first = Peer.open(family); var second = Peer.open(family)) {
            var port = faulty.listen(new Recorder(), family.options());
            port.connect(first.address());
            var calls = new int[1];
            // The disconnect passes; the connect does not, nor does the one back.
            faulty.kernel.always(Syscall.CONNECT, call -> calls[0]++ == 0 ? call.passOn() : -Errno.ENETUNREACH);
            var thrown = assertThrows(SyscallException.class, () -> port.connect(second.address()));
            assertTrue(thrown.toString().contains(second.address().toString()), thrown::toString);
            assertEquals(3, calls[0]);
            assertNull(port.peerAddress());
            faulty.phases(() -> port.write(new byte[]{'a'}, first.address()));
            assertEquals(List.of("a"), first.received());
        }
    }
}
