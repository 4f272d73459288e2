package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.NativeAddress.Struct;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A view and its copy are equal and have one hash, so that a view finds a map entry stored under a copy. */
@Tag("unit")
class SockAddrIdentityTest {

    private static SockAddr viewOf(SockAddr address) {
        var view = SockAddr.view();
        Struct.load(view, address);
        return view;
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1%lo"})
    void aViewFindsItsCopyInAMap(String literal) {
        var address = SockAddr.of(literal, 4711);
        var view = viewOf(address);
        var copy = view.copy();
        assertNotSame(view, copy);
        assertEquals(view, copy);
        assertEquals(view.hashCode(), copy.hashCode());
        var map = new HashMap<SockAddr, String>();
        map.put(copy, "kept");
        Struct.load(view, SockAddr.of("192.0.2.9", 1));
        assertFalse(map.containsKey(view));
        Struct.load(view, address);
        assertEquals("kept", map.get(view));
        assertEquals("kept", map.get(address));
    }

    @Test
    void aCopyStaysWhenItsViewMovesOn() {
        var view = viewOf(SockAddr.of("::1", 1));
        var copy = view.copy();
        Struct.load(view, SockAddr.of("127.0.0.1", 2));
        assertEquals(SockAddr.of("::1", 1), copy);
    }

    @Test
    void anotherPortStaysWhenTheViewMovesOn() {
        var view = viewOf(SockAddr.of("fe80::1%lo", 1));
        var other = view.withPort(65_535);
        Struct.load(view, SockAddr.of("127.0.0.1", 2));
        assertEquals(SockAddr.of("fe80::1%lo", 65_535), other);
        assertSame(other, other.copy());
    }

    @Test
    void anAddressThatIsNoViewIsItsOwnCopy() {
        var address = SockAddr.of("::1", 1);
        assertSame(address, address.copy());
    }

    @Test
    void everyPartCountsForEquality() {
        var addresses = List.of(
                SockAddr.of("127.0.0.1", 1),
                SockAddr.of("127.0.0.1", 2),
                SockAddr.of("127.0.0.2", 1),
                SockAddr.of("::ffff:127.0.0.1", 1),
                SockAddr.of("::7f00:1", 1),
                SockAddr.of("::1", 1),
                SockAddr.of("::1", 2),
                SockAddr.of("1::1", 1),
                SockAddr.of("fe80::1", 1),
                SockAddr.of("fe80::1%1", 1),
                SockAddr.of("fe80::1%2", 1));
        for (int i = 0; i < addresses.size(); i++) {
            for (int j = 0; j < addresses.size(); j++) {
                assertEquals(i == j, addresses.get(i).equals(addresses.get(j)), i + " and " + j);
            }
        }
        assertNotEquals(addresses.getFirst(), new Object());
    }

    @Test
    void hashesOfSimilarAddressesDiffer() {
        var hashes = new HashSet<Integer>();
        for (int port = 0; port < 1000; port++) {
            hashes.add(SockAddr.of("127.0.0.1", port).hashCode() & 0xffff);
            hashes.add(SockAddr.of("::" + Integer.toHexString(port), 9).hashCode() & 0xffff);
        }
        // 2,000 values in 65,536 slots: about 30 collisions are expected.
        assertTrue(hashes.size() > 1800, hashes.size() + " hashes for 2,000 addresses");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1%lo"})
    void aStoredAddressLoadsBack(String literal) {
        var address = SockAddr.of(literal, 65535);
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocate(40).fill((byte) 0xff);
            assertEquals(address.isIpv6() ? 28 : 16, Struct.store(address, memory, 3));
            assertEquals(address, Struct.read(memory, 3));
        }
    }

    @Test
    void anIpv4AddressReadsOnlyItsOwnBytes() {
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocate(32).fill((byte) 0xff);
            Struct.store(SockAddr.of("127.0.0.1", 9), memory, 0);
            memory.asSlice(8).fill((byte) 0xff);
            assertEquals(SockAddr.of("127.0.0.1", 9), Struct.read(memory, 0));
        }
    }

    @Test
    void anInvalidatedViewThrowsWhenUsed() {
        var view = viewOf(SockAddr.of("::1", 9));
        Struct.invalidate(view);
        assertThrows(IllegalStateException.class, view::port);
        assertThrows(IllegalStateException.class, () -> view.withPort(1));
        assertThrows(IllegalStateException.class, view::host);
        assertThrows(IllegalStateException.class, view::inetAddress);
        assertThrows(IllegalStateException.class, view::address);
        assertThrows(IllegalStateException.class, view::scopeId);
        assertThrows(IllegalStateException.class, view::isIpv6);
        assertThrows(IllegalStateException.class, view::isIpv4Mapped);
        assertThrows(IllegalStateException.class, view::copy);
        assertThrows(IllegalStateException.class, view::toInetSocketAddress);
        assertEquals("(gone)", view.toString());
        assertNotEquals(SockAddr.of("::1", 9), view);
    }
}
