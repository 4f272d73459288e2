package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.CablePair;
import dev.salvo.testing.ThreeCables;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reply to a group or broadcast datagram is sent from another address, that of the interface. */
@Tag("netns")
class MulticastMetadataTest {

    private static DatagramMetadata received(CablePair pair) throws SyscallException {
        assertTrue(pair.receiver.awaitReadable(null));
        pair.receiver.receive(pair.in());
        return Objects.requireNonNull(pair.in().next()).metadata();
    }

    private static int join(ThreeCables cables, CablePair pair, SockAddr group, String cable) throws Exception {
        cables.there.enter();
        var index = Multicast.interfaceIndex(cable);
        Multicast.join(pair.receiver, group, index);
        Metadata.LOCAL_ADDRESS.enable(pair.receiver);
        cables.here.enter();
        return index;
    }

    @ParameterizedTest
    @EnumSource
    void aGroupDatagramIsAnsweredFromTheInterfaceAddress(GroupFamily family) throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, family)) {
                var index = join(cables, pair, family.group(1, pair.port), "cable-b");
                family.setOutgoing(pair.sender, "cable-b");
                pair.send(family.group(1, pair.port), "to a group");
                var metadata = received(pair);
                assertEquals(family.group(1, 0), metadata.localAddress());
                assertEquals(index, metadata.interfaceIndex());
                if (family == GroupFamily.IPV4) {
                    assertEquals(SockAddr.of(ThreeCables.ipv4("cable-b", 2), 0), metadata.answerAddress());
                } else {
                    assertNull(metadata.answerAddress());
                }
            }
        });
    }

    @Test
    void anIpv4GroupOnADualStackSocketIsAnsweredFromTheInterfaceAddress() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV6);
                    var ipv4 = UdpSocket.open(GroupFamily.IPV4.family)) {
                var index = join(cables, pair, SockAddr.of("239.1.2.1", 0), "cable-c");
                GroupFamily.IPV4.setOutgoing(ipv4, "cable-c");
                pair.send(ipv4, SockAddr.of("239.1.2.1", pair.port), "to a group");
                var metadata = received(pair);
                assertEquals(SockAddr.of("::ffff:239.1.2.1", 0), metadata.localAddress());
                assertEquals(SockAddr.of("::ffff:" + ThreeCables.ipv4("cable-c", 2), 0), metadata.answerAddress());
                assertEquals(index, metadata.interfaceIndex());
            }
        });
    }

    @Test
    void aBroadcastIsAnsweredFromTheInterfaceAddress() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV4)) {
                Metadata.LOCAL_ADDRESS.enable(pair.receiver);
                pair.sender.bind(SockAddr.of(ThreeCables.ipv4("cable-b", 1), 0));
                pair.sender.set(SocketLevelOptions.BROADCAST, true);
                pair.send(SockAddr.broadcast(pair.port), "to everyone");
                var metadata = received(pair);
                assertEquals(SockAddr.broadcast(0), metadata.localAddress());
                assertEquals(SockAddr.of(ThreeCables.ipv4("cable-b", 2), 0), metadata.answerAddress());
            }
        });
    }

    /** The scope of an address that several interfaces have names the interface. */
    @Test
    void aLinkLocalAddressHasItsScope() throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, GroupFamily.IPV6)) {
                cables.there.enter();
                Metadata.LOCAL_ADDRESS.enable(pair.receiver);
                var there = SockAddr.of(ThreeCables.linkLocal(2) + "%cable-b", 0);
                cables.here.enter();
                pair.send(SockAddr.of(ThreeCables.linkLocal(2) + "%cable-b", pair.port), "to this link");
                var metadata = received(pair);
                assertEquals(there, metadata.localAddress());
                assertEquals(there, metadata.answerAddress());
                assertEquals(there.scopeId(), metadata.interfaceIndex());
            }
        });
    }
}
