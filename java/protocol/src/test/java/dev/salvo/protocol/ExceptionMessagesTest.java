package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Exception messages say enough to act on. */
@Tag("unit")
class ExceptionMessagesTest {

    private final SyscallException cause = new SyscallException("bind", Errno.EADDRINUSE);

    @Test
    void cannotListenNamesTheAddressAndTheReason() {
        var exception = new CannotListenException("127.0.0.1", 53, cause);
        assertEquals("Couldn't listen on 127.0.0.1:53: bind: EADDRINUSE (address already in use)",
                exception.getMessage());
        assertEquals("127.0.0.1", exception.interfaceAddress());
        assertEquals(53, exception.port());
        assertSame(cause, exception.getCause());
    }

    @Test
    void cannotListenPutsAnIpv6AddressIntoBrackets() {
        var exception = new CannotListenException("::", 36030, cause);
        assertEquals("Couldn't listen on [::]:36030: bind: EADDRINUSE (address already in use)",
                exception.getMessage());
    }

    @Test
    void cannotListenOnAnyAddressSaysAny() {
        var exception = new CannotListenException("", 53, cause);
        assertEquals("Couldn't listen on any:53: bind: EADDRINUSE (address already in use)", exception.getMessage());
    }

    @Test
    void messageLengthNamesBothLengths() {
        assertEquals(
                "Message is too long to send: 65508 bytes, at most 65507 fit",
                new MessageLengthException(65_508, 65_507).getMessage());
    }
}
