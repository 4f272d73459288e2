package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SockAddr and InetSocketAddress convert into each other, scope ids included. */
@Tag("unit")
class SockAddrJavaNetTest {

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 0", "255.255.255.255, 65535", "::1, 9999", "2001:db8::1, 53", "::, 0"})
    void addressesConvertBothWays(String literal, int port) {
        var java = new InetSocketAddress(InetAddress.ofLiteral(literal), port);
        var address = SockAddr.of(literal, port);
        assertEquals(address, SockAddr.of(java));
        assertEquals(java, address.toInetSocketAddress());
        assertEquals(java.getAddress(), address.inetAddress());
        assertEquals(address, SockAddr.of(java.getAddress(), port));
        assertArrayEquals(java.getAddress().getAddress(), address.address());
    }

    @Test
    void aScopeIdByNumberSurvives() throws UnknownHostException {
        var bytes = SockAddr.of("fe80::1", 0).address();
        var java = new InetSocketAddress(Inet6Address.getByAddress(null, bytes, 7), 9);
        var address = SockAddr.of(java);
        assertEquals(7, address.scopeId());
        assertEquals(SockAddr.of("fe80::1%7", 9), address);
        var back = assertInstanceOf(Inet6Address.class, address.toInetSocketAddress().getAddress());
        assertEquals(7, back.getScopeId());
        assertEquals(7, assertInstanceOf(Inet6Address.class, address.inetAddress()).getScopeId());
        assertEquals("[fe80::1%7]:9", address.toString());
    }

    @Test
    void aScopeIdByNameIsTheInterfacesIndex() {
        var java = InetAddress.ofLiteral("::1%lo");
        assertEquals(1, SockAddr.of(java, 9).scopeId());
        assertEquals(SockAddr.of("::1%lo", 9), SockAddr.of(java, 9));
    }

    @Test
    void anAddressWithoutScopeIdGetsNone() {
        var back = assertInstanceOf(
                Inet6Address.class,
                SockAddr.of("fe80::1", 9).toInetSocketAddress().getAddress());
        assertEquals(0, back.getScopeId());
        assertEquals("[fe80::1]:9", SockAddr.of("fe80::1", 9).toString());
    }

    /** java.net makes an Inet4Address of these bytes wherever it can. */
    @Test
    void anIpv4MappedAddressStaysIpv6() {
        var address = SockAddr.of("::ffff:192.0.2.1", 9);
        var java = address.toInetSocketAddress();
        assertInstanceOf(Inet6Address.class, java.getAddress());
        assertInstanceOf(Inet6Address.class, address.inetAddress());
        assertEquals(address, SockAddr.of(java));
        assertTrue(SockAddr.of(java).isIpv4Mapped());
    }

    @Test
    void anUnresolvedAddressIsRefused() {
        var unresolved = InetSocketAddress.createUnresolved("localhost", 9);
        assertThrows(IllegalArgumentException.class, () -> SockAddr.of(unresolved));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void aPortOutOfRangeIsRefused(int port) {
        assertThrows(IllegalArgumentException.class, () -> SockAddr.of(InetAddress.getLoopbackAddress(), port));
    }
}
