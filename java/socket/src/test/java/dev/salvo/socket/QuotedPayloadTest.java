package dev.salvo.socket;

import static dev.salvo.socket.ScriptedErrors.A;
import static dev.salvo.socket.ScriptedErrors.error;
import static dev.salvo.socket.ScriptedErrors.join;
import static dev.salvo.socket.ScriptedErrors.offender;
import static dev.salvo.socket.ScriptedErrors.refused;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Incoming;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.SocketError.Origin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The payload that an error quotes stays unchanged, whatever is read later, and whoever reads it. */
@Tag("fault")
class QuotedPayloadTest {

    private static Incoming quoting(String payload) {
        return Incoming.from(A, payload).control(Linux.IPPROTO_IP(), Linux.IP_RECVERR(), join(refused(), offender()));
    }

    private static SocketError of(ByteBuffer payload) {
        return new SocketError(Errno.ECONNREFUSED, Origin.ICMP, 3, 3, 0, A, null, payload);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void everyErrorHasItsOwnPayload() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(quoting("the first"), quoting(""), quoting("third"));
            assertEquals(
                    List.of("the first", "", "third"),
                    errors.drain().stream()
                            .map(error -> new String(bytes(error.payload()), StandardCharsets.ISO_8859_1))
                            .toList());
        }
    }

    @Test
    void theBufferFitsTheLargestIcmpv6Error() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(quoting("x".repeat(1_500)));
            assertEquals(1_280, Objects.requireNonNull(errors.socket.nextError()).payload().remaining());
        }
    }

    @Test
    void readingThePayloadDoesNotMoveItsPosition() {
        var error = of(ByteBuffer.wrap(Traffic.bytes("quoted")));
        assertArrayEquals(Traffic.bytes("quoted"), bytes(error.payload()));
        assertArrayEquals(Traffic.bytes("quoted"), bytes(error.payload()));
        assertTrue(error.payload().isReadOnly());
    }

    @Test
    void theGivenBufferIsCopied() {
        var bytes = Traffic.bytes("(quoted)");
        var buffer = ByteBuffer.wrap(bytes, 1, 6);
        var error = of(buffer);
        bytes[1] = 'x';
        assertArrayEquals(Traffic.bytes("quoted"), bytes(error.payload()));
        assertEquals(6, buffer.remaining());
    }

    @Test
    void errorsAreEqualIfTheirPayloadsAre() {
        var error = of(ByteBuffer.wrap(Traffic.bytes("quoted")));
        var same = of(ByteBuffer.wrap(Traffic.bytes("quoted")));
        bytes(same.payload());
        assertEquals(error, same);
        assertEquals(error.hashCode(), same.hashCode());
        assertNotEquals(error, of(ByteBuffer.wrap(Traffic.bytes("quotes"))));
        assertNotEquals(error, of(ByteBuffer.allocate(0)));
    }

    @ParameterizedTest
    @CsvSource({"90, 1300, 1300", "90, 0, 0", "90, 4294967295, 2147483647", "111, 1300, 0"})
    void onlyEmsgsizeReportsAnMtu(int errno, long info, int mtu) throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(ScriptedErrors.entry(A, error(errno, 2, 3, 4, (int) info), offender()));
            var error = Objects.requireNonNull(errors.socket.nextError());
            assertEquals(mtu, error.mtu());
            assertEquals(info, error.info());
        }
    }
}
