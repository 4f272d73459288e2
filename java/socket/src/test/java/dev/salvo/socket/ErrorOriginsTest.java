package dev.salvo.socket;

import static dev.salvo.socket.ScriptedErrors.A;
import static dev.salvo.socket.ScriptedErrors.entry;
import static dev.salvo.socket.ScriptedErrors.error;
import static dev.salvo.socket.ScriptedErrors.offender;
import static dev.salvo.socket.ScriptedErrors.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Layouts;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.SocketError.Origin;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trap 6: the error queue has entries other than ICMP errors, and all of them are counted. */
@Tag("fault")
class ErrorOriginsTest {

    /** Origins: none, local, timestamps, zerocopy, transmit time, and one that a later kernel may add. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 6, 7, 130, 255})
    void entriesThatAreNotIcmpAreCountedButNotReported(int origin) throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(
                    entry(A, error(Errno.EMSGSIZE, origin, 0, 1, 65_535), offender()), entry(A, refused(), offender()));

            assertEquals(1, errors.drain().size());
            assertEquals(2, errors.socket.statistics().errorQueueEntries());
            assertEquals(1, errors.socket.statistics().icmpErrors());
            assertEquals(0, errors.socket.statistics().icmpErrorsDropped());
        }
    }

    @Test
    void bothKindsOfIcmpAreReported() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(
                    entry(A, error(1, Linux.SO_EE_ORIGIN_ICMP(), 2, 3, 4), offender()),
                    entry(A, error(5, Linux.SO_EE_ORIGIN_ICMP6(), 255, 254, -1), offender()));

            var router = SockAddr.of("192.0.2.254", 0);
            assertEquals(
                    List.of(
                            new SocketError(1, Origin.ICMP, 2, 3, 4, A, router, ByteBuffer.allocate(0)),
                            new SocketError(5, Origin.ICMPV6, 255, 254, 4_294_967_295L, A, router,
                                    ByteBuffer.allocate(0))),
                    errors.drain());
        }
    }

    @Test
    void anOffenderWithoutAnAddressIsNull() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            // The offender of one entry is not reported for the next.
            errors.drain(entry(A, refused(), offender()), entry(A, refused(), new byte[Layouts.SOCKADDR_IN]));

            assertEquals(
                    Arrays.asList(SockAddr.of("192.0.2.254", 0), null),
                    errors.drain().stream().map(SocketError::offender).toList());
        }
    }
}
