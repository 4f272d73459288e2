package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.SyscallException;
import dev.salvo.testing.ThreeCables;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Interfaces are looked up in the calling thread's network namespace, at the moment of the call.
 * java.net.NetworkInterface does not find the IPv6 addresses here.
 */
@Tag("netns")
class InterfaceIndexNamespaceTest {

    @Test
    void everyInterfaceIsFoundByNameIndexAndAddress() throws Exception {
        ThreeCables.run(cables -> {
            var indexes = new HashSet<Integer>();
            for (var cable : ThreeCables.NAMES) {
                var index = Multicast.interfaceIndex(cable);
                indexes.add(index);
                assertEquals(index, Multicast.interfaceIndex(Integer.toString(index)));
                assertEquals(index, Multicast.interfaceIndex(ThreeCables.ipv4(cable, 1)));
                assertEquals(index, Multicast.interfaceIndex(ThreeCables.ipv6(cable, 1)));
                assertEquals(index, Multicast.interfaceIndex(ThreeCables.linkLocal(1) + "%" + cable));
                assertEquals(index, Multicast.interfaceIndex(ThreeCables.linkLocal(1) + "%" + index));
            }
            assertEquals(3, indexes.size());
            assertEquals(true, indexes.contains(Multicast.interfaceIndex(ThreeCables.linkLocal(1))));
            assertEquals(false, indexes.contains(0));
        });
    }

    @Test
    void anAddressOfAnotherNamespaceIsNotFound() throws Exception {
        ThreeCables.run(cables -> {
            for (var address : Set.of(ThreeCables.ipv4("cable-a", 2), ThreeCables.ipv6("cable-a", 2))) {
                assertThrows(SyscallException.class, () -> Multicast.interfaceIndex(address));
                cables.there.enter();
                assertEquals(Multicast.interfaceIndex("cable-a"), Multicast.interfaceIndex(address));
                cables.here.enter();
            }
        });
    }

    @Test
    void anAddressThatIsNewOrHasALabelIsFound() throws Exception {
        ThreeCables.run(cables -> {
            assertThrows(SyscallException.class, () -> Multicast.interfaceIndex("203.0.113.9"));
            cables.here.in("address", "add", "203.0.113.9/24", "dev", "cable-c", "label", "cable-c:9");
            assertEquals(Multicast.interfaceIndex("cable-c"), Multicast.interfaceIndex("203.0.113.9"));
        });
    }
}
