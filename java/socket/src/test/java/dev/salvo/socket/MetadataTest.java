package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Needs;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trap 7: enabled metadata is reported for datagrams of both families, also on a dual-stack socket. */
@Tag("loopback")
@ParameterizedClass
@EnumSource(Over.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
record MetadataTest(Over over) {

    private static Set<Metadata> present(DatagramMetadata metadata) {
        var present = EnumSet.allOf(Metadata.class);
        present.removeIf(what -> !metadata.has(what));
        return present;
    }

    @Test
    void noMetadataIsReportedUnlessEnabled() throws SyscallException {
        try (var pair = new AskedPair(over)) {
            var metadata = pair.metadata();
            assertEquals(Set.of(), present(metadata));
            assertNull(metadata.localAddress());
            assertNull(metadata.answerAddress());
            assertEquals(-1, metadata.interfaceIndex());
            assertEquals(-1, metadata.trafficClass());
            assertEquals(-1, metadata.dscp());
            assertEquals(-1, metadata.ecn());
            assertEquals(-1, metadata.hopLimit());
            assertEquals(-1, metadata.receiveTime());
            assertEquals(-1, metadata.hardwareTime());
            assertEquals(-1, metadata.packetDrops());
            assertEquals(-1, metadata.newPacketDrops());
            assertEquals(-1, metadata.segmentSize());
            assertEquals("metadata: none", metadata.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL_ADDRESS", "TRAFFIC_CLASS", "HOP_LIMIT", "RECEIVE_TIME"})
    void anEnabledKindIsReportedAlone(Metadata asked) throws SyscallException {
        try (var pair = new AskedPair(over, asked)) {
            assertEquals(Set.of(asked), present(pair.metadata()));
        }
    }

    @Test
    void theLocalAddressHasTheFormOfTheSource() throws SyscallException {
        try (var pair = new AskedPair(over, Metadata.LOCAL_ADDRESS)) {
            var metadata = pair.metadata();
            assertEquals(over.loopback(0), metadata.localAddress());
            assertEquals(over.loopback(0), metadata.answerAddress());
            assertEquals(Multicast.interfaceIndex("lo"), metadata.interfaceIndex());
            assertEquals("metadata: to " + over.loopback(0) + ", interface 1", metadata.toString());
        }
    }

    @Test
    void theOriginalDestinationHasThePort() throws SyscallException {
        try (var pair = new AskedPair(over, Metadata.LOCAL_ADDRESS)) {
            pair.receiver.set(over == Over.IPV6 ? Ipv6Options.RECVORIGDSTADDR : IpOptions.RECVORIGDSTADDR, true);
            var metadata = pair.metadata();
            assertEquals(over.loopback(pair.to.port()), metadata.localAddress());
            assertEquals(over.loopback(0), metadata.answerAddress());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x03, 0xb8, 0xb9, 0xff})
    void theTrafficClassArrivesAsItWasSet(int value) throws SyscallException {
        try (var pair = new AskedPair(over, Metadata.TRAFFIC_CLASS)) {
            pair.sendsTrafficClass(value);
            var metadata = pair.metadata();
            assertEquals(value, metadata.trafficClass());
            assertEquals(value / 4, metadata.dscp());
            assertEquals(value % 4, metadata.ecn());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 33, 255})
    void theHopLimitArrivesAsItWasSet(int value) throws SyscallException {
        try (var pair = new AskedPair(over, Metadata.HOP_LIMIT)) {
            pair.sendsHopLimit(value);
            assertEquals(value, pair.metadata().hopLimit());
        }
    }

    private static long now() {
        return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
    }

    @Test
    void theReceiveTimeIsBetweenSendingAndReading() throws SyscallException {
        try (var pair = new AskedPair(over, Metadata.RECEIVE_TIME)) {
            var before = now();
            var time = pair.metadata().receiveTime();
            var after = now();
            assertTrue(before <= time && time <= after, before + " " + time + " " + after);
        }
    }

    /** Another user of the socket reads microseconds, and enabling the receive time does not change that. */
    @Test
    void withSoTimestampTheTimeIsInMicroseconds() throws SyscallException {
        try (var pair = new AskedPair(over)) {
            pair.receiver.set(SocketLevelOptions.TIMESTAMP, true);
            Metadata.RECEIVE_TIME.enable(pair.receiver);
            assertEquals(true, pair.receiver.get(SocketLevelOptions.TIMESTAMP));
            var before = now();
            var time = pair.metadata().receiveTime();
            var after = now();
            assertTrue(before - 1000 < time && time <= after, before + " " + time + " " + after);
            assertEquals(0, time % 1000);
        }
    }

    /** The last message has no segment size, though the previous one of the same receive call had one. */
    @Test
    void allDatagramsOfACoalescedMessageShareMetadataAndSegmentSize() throws SyscallException {
        Needs.joiningOnLoopback();
        try (var pair = new AskedPair(over, Metadata.HOP_LIMIT)) {
            pair.receiver.set(UdpOptions.GRO, true);
            pair.send("0123456789", "0123456789", "01234", "alone, and longer");
            for (int i = 0; i < 3; i++) {
                assertEquals(10, pair.next().metadata().segmentSize());
            }
            assertEquals(-1, pair.next().metadata().segmentSize());
            assertEquals(2, pair.receiver.statistics().messagesReceived());
        }
    }
}
