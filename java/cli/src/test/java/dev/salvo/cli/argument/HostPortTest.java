package dev.salvo.cli.argument;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class HostPortTest {

    private static BindAddress resolved(String text) throws IOException {
        return HostPort.parse(text).resolve(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
            "127.0.0.1:9999, 127.0.0.1, 9999",
            "0.0.0.0:0, 0.0.0.0, 0",
            "[::1]:9999, ::1, 9999",
            "[::]:65535, ::, 65535",
            "[fe80::1%lo]:7, fe80::1%lo, 7",
            "[::ffff:127.0.0.1]:7, ::ffff:127.0.0.1, 7"
    })
    void anAddressIsKeptAsWritten(String text, String literal, int port) throws IOException {
        assertEquals(text, HostPort.parse(text).toString());
        var address = resolved(text);
        assertEquals(literal, address.literal());
        assertEquals(port, address.port());
        assertEquals(text, address.toString());
    }

    @ParameterizedTest
    @CsvSource({
            "[0:0:0:0:0:0:0:1]:9, [::1]:9",
            "[::FFFF:7f00:1]:9, [::ffff:127.0.0.1]:9",
            "[FE80:0::1%lo]:9, [fe80::1%lo]:9",
            "[FE80:0::1%0]:9, [fe80::1%0]:9"
    })
    void anAddressIsPrintedInItsShortestForm(String text, String printed) throws IOException {
        assertEquals(printed, resolved(text).toString());
    }

    @Test
    void aScopeBecomesTheIndexOfItsInterface() throws IOException {
        assertEquals(1, resolved("[fe80::1%lo]:7").address().scopeId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:7", "a:7", "my_host.example.com.:7", "3com.com:7", "xn--mnchen-3ya.de:7"})
    void aNameIsNotLookedUpWhenItIsParsed(String text) {
        assertEquals(text, HostPort.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {":9999", "9999"})
    void withoutAHostItIsAllAddressesOfBothFamilies(String text) throws IOException {
        assertTrue(HostPort.parse(text).isAll());
        assertTrue(HostPort.parse(text).resolve(Optional.empty()).address().inetAddress().isAnyLocalAddress());
        assertEquals("0.0.0.0:9999", HostPort.parse(text).resolve(Optional.of(Family.IPV4)).address().toString());
        assertTrue(HostPort.parse(text).resolve(Optional.of(Family.IPV6)).address().isIpv6());
    }

    @Test
    void ofANameTheFirstIpv4AddressIsTaken() throws IOException {
        assertEquals("127.0.0.1:7", resolved("localhost:7").toString());
        assertEquals("127.0.0.1:7",
                HostPort.parse("localhost:7").resolve(Optional.of(Family.IPV4)).toString());
    }

    @Test
    void anAddressOfTheOtherFamilyIsRefused() {
        assertThrows(BadArgumentsException.class, () -> HostPort.parse("[::1]:7").resolve(Optional.of(Family.IPV4)));
        assertThrows(BadArgumentsException.class,
                () -> HostPort.parse("127.0.0.1:7").resolve(Optional.of(Family.IPV6)));
    }

    /** RFC 6761 keeps the domain invalid free of names. */
    @Test
    void anUnknownNameIsNamedInTheError() {
        var thrown = assertThrows(IOException.class, () -> resolved("nosuch.invalid:7"));
        assertTrue(String.valueOf(thrown.getMessage()).contains("nosuch.invalid"), thrown::toString);
    }

    /** What ends with a number is an address with a mistake, which a resolver may take for another address. */
    @ParameterizedTest
    @ValueSource(strings = {
            "", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1", "localhost",
            "localhost:", "localhost:65536", "local host:7", "-host:7", "host/path:7", ":65536", "99999", "*:7",
            "127.1:9999", "127.0.0.1.5:7", "256.1.1.1:7", "9:7", "0x7f000001:7", "host.1:7", "::1:9999", "[::1]",
            "[127.0.0.1]:9999", "[localhost]:7", "[::1%nosuch]:9999", "127.0.0.1%lo:9999", "[]:9999", "ho\u0000st:7"
    })
    void anythingElseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1"})
    void loopbackAddressesAreRecognized(String text) throws IOException {
        assertTrue(resolved(text).isLoopback());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:1", "192.0.2.1:1", "[::]:1", "[2001:db8::1]:1", "[::ffff:192.0.2.1]:1"})
    void otherAddressesAreNotLoopback(String text) throws IOException {
        assertFalse(resolved(text).isLoopback());
    }
}
