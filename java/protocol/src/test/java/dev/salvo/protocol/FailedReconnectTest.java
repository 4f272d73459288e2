package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.FaultyReactor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** If a reconnect fails and the kernel refuses the former peer too, the port is unconnected. */
@Tag("fault")
class FailedReconnectTest {

    @ParameterizedTest
    @EnumSource
    void thePortIsUnconnectedAndWritesToAnyAddress(Loopback family) throws Exception {
        try (var faulty = new FaultyReactor(); var first = Peer.open(family); var second = Peer.open(family)) {
            var port = faulty.listen(new Recorder(), family.options());
            port.connect(first.address());
            var calls = new int[1];
            // The disconnect succeeds; the connect fails, and so does the connect back to the former peer.
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
