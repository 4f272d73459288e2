package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Which strings are address literals; no name is ever resolved. The cases up to {@code invalidWithScopeId} have their
 * names from Twisted's test_abstract.
 */
@Tag("unit")
class SockAddrLiteralTest {

    private static void assertInvalid(String literal) {
        assertThrows(IllegalArgumentException.class, () -> SockAddr.of(literal, 9), () -> "'" + literal + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "255.255.255.255", "127.0.0.1"})
    void decimalDotted(String literal) {
        var address = SockAddr.of(literal, 9);
        assertFalse(address.isIpv6());
        assertEquals(literal + ":9", address.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "127", "127.1", "127.0.1", "256", "0.", "0.0.0.", ".0.0.0", "1.2.3.4.5"})
    void shortDecimalDotted(String literal) {
        assertInvalid(literal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.a", "a.a.a", "a.a.a.a", "0x7f.0.0.1", "localhost", "1.2.3.4a"})
    void invalidLetters(String literal) {
        assertInvalid(literal);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ",,,", "0,0,0,0", "0.0.0.0,", "1.2.3.4 ", " 1.2.3.4", "+1.2.3.4", "1..2.3"})
    void invalidPunctuation(String literal) {
        assertInvalid(literal);
    }

    @Test
    void emptyString() {
        assertInvalid("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.-2", "1.2.-3", "1.2.-3.4", "-1.2.3.4"})
    void invalidNegative(String literal) {
        assertInvalid(literal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"256.0.0.0", "0.256.0.0", "0.0.256.0", "0.0.0.256", "999.1.1.1", "1.2.3.4294967300"})
    void invalidPositive(String literal) {
        assertInvalid(literal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u4321", "\uff11.2.3.4", "\u0661.2.3.4", "::\uff11", "fe80::1\u00e9"})
    void nonAscii(String literal) {
        assertInvalid(literal);
    }

    @ParameterizedTest
    @ValueSource(strings = {":", ":::", "1:", ":1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "::g"})
    void colon(String literal) {
        assertInvalid(literal);
    }

    @Test
    void loopback() {
        var address = SockAddr.of("::1", 9);
        assertTrue(address.isIpv6());
        assertFalse(address.isIpv4Mapped());
        assertArrayEquals(new byte[]{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, address.address());
        assertEquals(9, address.port());
    }

    @ParameterizedTest
    @CsvSource({"fe80::1%lo, 1", "fe80::1%1, 1", "fe80::2%4, 4", "fe80::2%999999999, 999999999", "fe80::1, 0"})
    void scopeId(String literal, int scope) {
        assertEquals(scope, SockAddr.of(literal, 9).scopeId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%lo", ":%lo", "hello%lo", "fe80::1%", "fe80::1%no-such-if0", "127.0.0.1%lo",
            "fe80::1%lo%lo", "fe80::1%lo\0junk", "fe80::1%lo\0", "fe80::1%\0lo", "fe80::1%lo:junk", "fe80::1%lo:",
            "fe80::1\0%lo", "fe80::1%lo ", "fe80::1%-1", "fe80::1%+1", "fe80::1%1\0"})
    void invalidWithScopeId(String literal) {
        assertInvalid(literal);
    }

    /** inet_pton(3) accepts neither octal numbers nor a fifth part, while java.net does. */
    @ParameterizedTest
    @ValueSource(strings = {
            "010.0.0.1", "00.0.0.1", "0000.0.0.1", "::00001", "::12345", "::ffff:1.2.3", "::ffff:1.2.3.4.5",
            "::ffff:01.2.3.4", "::ffff:1.2.3.256", "::1.2.3.4:1", "[::1]", "1.2.3.4:80", "::1 ", "1::2:3:4:5:6:7:8:9"
    })
    void asStrictAsInetPton(String literal) {
        assertInvalid(literal);
    }

    @ParameterizedTest
    @CsvSource({
            "::, [::]:9",
            "0:0:0:0:0:0:0:0, [::]:9",
            "::1, [::1]:9",
            "2001:DB8::a, [2001:db8::a]:9",
            "1:2:3:4:5:6:7:8, [1:2:3:4:5:6:7:8]:9",
            "1::8, [1::8]:9",
            "1::, [1::]:9",
            "1:2:3:4:5:6:7::, [1:2:3:4:5:6:7:0]:9",
            "::2:3:4:5:6:7:8, [0:2:3:4:5:6:7:8]:9",
            "1:0:0:4:0:0:0:8, [1:0:0:4::8]:9",
            "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:9",
            "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:9",
            "2001:0db8::0001, [2001:db8::1]:9",
            "::1.2.3.4, [::102:304]:9",
            "64:ff9b::1.2.3.4, [64:ff9b::102:304]:9",
            "1:2:3:4:5:6:1.2.3.4, [1:2:3:4:5:6:102:304]:9",
            "::ffff:10.99.0.2, [::ffff:10.99.0.2]:9",
            "::FFFF:a63:2, [::ffff:10.99.0.2]:9",
            "0000:0000:0000:0000:0000:ffff:255.255.255.255, [::ffff:255.255.255.255]:9",
            "fe80::1%4, [fe80::1%4]:9",
    })
    void ipv6IsWrittenAsRfc5952Says(String literal, String text) {
        var address = SockAddr.of(literal, 9);
        assertEquals(text, address.toString());
        assertEquals(address, SockAddr.of(address.host(), 9));
    }

    /** Every pattern of zero and other groups, so that each place and length of the gap occurs. */
    @Test
    void everyAddressReadsBackFromItsText() throws Exception {
        for (int pattern = 0; pattern < 1 << 8; pattern++) {
            var bytes = new byte[16];
            for (int i = 0; i < 8; i++) {
                bytes[2 * i + 1] = (byte) (pattern >> i & 1);
            }
            var address = SockAddr.of(InetAddress.getByAddress(bytes), 9);
            var text = address.host();
            assertArrayEquals(bytes, SockAddr.of(text, 9).address(), text);
            assertArrayEquals(bytes, InetAddress.ofLiteral(text).getAddress(), text);
        }
    }

    /** A regular expression of groups overflows the stack at some 3,000 characters. */
    @ParameterizedTest
    @ValueSource(strings = {":", "0:", "1.", "0", "::", "%", "fe80::1%"})
    void aTextOfAnyLengthIsOnlyRefused(String part) {
        assertInvalid(part.repeat(100_000));
    }

    @ParameterizedTest
    @CsvSource({
            "0.0.0.0, 0.0.0.0",
            "255.255.255.255, 255.255.255.255",
            "::1, ::1",
            "::ffff:192.0.2.1, ::ffff:192.0.2.1",
            "fe80::1%4, fe80::1%4"})
    void hostIsTheAddressWithoutThePort(String literal, String host) {
        assertEquals(host, SockAddr.of(literal, 9).host());
        assertEquals(SockAddr.of(literal, 9), SockAddr.of(host, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"::ffff:127.0.0.1", "::FFFF:7f00:1", "0:0:0:0:0:ffff:127.0.0.1"})
    void anIpv4MappedLiteralStaysIpv6(String literal) {
        var address = SockAddr.of(literal, 9);
        assertTrue(address.isIpv6());
        assertTrue(address.isIpv4Mapped());
        assertArrayEquals(new byte[]{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 127, 0, 0, 1}, address.address());
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1:ffff:0:1", "1::ffff:7f00:1", "::fffe:7f00:1", "::7f00:1"})
    void aNearlyMappedLiteralIsNotMapped(String literal) {
        assertFalse(SockAddr.of(literal, 9).isIpv4Mapped());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255, 256, 32767, 32768, 65280, 65535})
    void portsInRangeAreAccepted(int port) {
        assertEquals(port, SockAddr.of("127.0.0.1", port).port());
        assertEquals(port, SockAddr.of("::1", port).port());
        assertEquals(SockAddr.of("127.0.0.1", port), SockAddr.of("127.0.0.1", 9).withPort(port));
        assertEquals(SockAddr.of("::ffff:127.0.0.1", port), SockAddr.of("::ffff:127.0.0.1", 9).withPort(port));
        assertEquals(SockAddr.of("fe80::1%4", port), SockAddr.of("fe80::1%4", 9).withPort(port));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void portsOutOfRangeAreRefused(int port) {
        var address = SockAddr.of("127.0.0.1", 9);
        assertThrows(IllegalArgumentException.class, () -> SockAddr.of("127.0.0.1", port));
        assertThrows(IllegalArgumentException.class, () -> address.withPort(port));
    }
}
