package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.Reactor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exception for a port that cannot be opened names the address and the reason. */
@Tag("loopback")
class CannotListenTest {

    @ParameterizedTest
    @EnumSource
    void aPortInUseIsRefused(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            var first = reactor.listenUdp(0, new Recorder(), family.options());
            var number = first.localAddress().port();
            var e = assertThrows(
                    CannotListenException.class, () -> reactor.listenUdp(number, protocol, family.options()));
            assertEquals(
                    "Couldn't listen on " + family.address(number) + ": bind " + first.localAddress()
                            + ": EADDRINUSE (address already in use)",
                    e.getMessage());
            assertEquals(Errno.EADDRINUSE, assertInstanceOf(SyscallException.class, e.getCause()).errno());
            assertEquals(family.literal, e.interfaceAddress());
            assertEquals(number, e.port());
        }
        assertEquals(List.of(), protocol.events);
    }

    @Test
    void anAddressOfAnotherHostIsRefused() throws Exception {
        var options = PortOptions.defaults().withInterface("192.0.2.1");
        try (var reactor = Reactor.open()) {
            var e = assertThrows(CannotListenException.class, () -> reactor.listenUdp(0, new Recorder(), options));
            assertEquals(Errno.EADDRNOTAVAIL, assertInstanceOf(SyscallException.class, e.getCause()).errno());
        }
    }

    /** Names are never resolved: Twisted's test_invalidInterface. */
    @ParameterizedTest
    @ValueSource(strings = {"example.com", "localhost", "[::1]", "127.1", "1.2.3.4 ", "256.0.0.1", "::1%no-such-if0",
            " "})
    void anInterfaceThatIsNoLiteralIsRefused(String text) throws Exception {
        var options = PortOptions.defaults().withInterface(text);
        try (var reactor = Reactor.open()) {
            var e = assertThrows(InvalidAddressException.class, () -> reactor.listenUdp(0, new Recorder(), options));
            assertEquals("'" + text + "' is not an IPv4 or IPv6 address", e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void aPortOutOfRangeIsRefused(int number) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            assertThrows(IllegalArgumentException.class, () -> reactor.listenUdp(number, protocol));
        }
        assertEquals(List.of(), protocol.events);
    }
}
