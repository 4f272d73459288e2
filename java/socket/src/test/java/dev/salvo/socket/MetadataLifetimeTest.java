package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Needs;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Metadata is valid while the batch stays at its message. A copy stays valid. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MetadataLifetimeTest {

    /** LOOPBACK_IFINDEX of net/flow.h. */
    private static final int LOOPBACK = 1;

    private static void assertGone(DatagramMetadata metadata) {
        List<Executable> uses = List.of(
                () -> metadata.has(Metadata.HOP_LIMIT),
                metadata::localAddress,
                metadata::answerAddress,
                metadata::interfaceIndex,
                metadata::trafficClass,
                metadata::dscp,
                metadata::ecn,
                metadata::hopLimit,
                metadata::receiveTime,
                metadata::hardwareTime,
                metadata::packetDrops,
                metadata::newPacketDrops,
                metadata::segmentSize,
                metadata::copy);
        uses.forEach(use -> assertThrows(IllegalStateException.class, use));
        assertEquals("metadata (gone)", metadata.toString());
    }

    @Test
    void metadataIsInvalidAtTheNextMessageUntilItIsReadAgain() throws SyscallException {
        try (var pair = new AskedPair(Over.IPV4, Metadata.LOCAL_ADDRESS)) {
            pair.out.coalescing(false);
            pair.send("first", "second");
            var metadata = pair.next().metadata();
            assertEquals(LOOPBACK, metadata.interfaceIndex());
            var second = pair.next();
            assertGone(metadata);
            assertSame(metadata, second.metadata());
            assertEquals(LOOPBACK, metadata.interfaceIndex());
        }
    }

    /** A source read from the view later would be that of the previous datagram. */
    @Test
    void addressesOfMetadataAreInvalidAtTheNextMessage() throws SyscallException {
        try (var pair = new AskedPair(Over.IPV4, Metadata.LOCAL_ADDRESS)) {
            pair.out.coalescing(false);
            pair.send("first", "second");
            var metadata = pair.next().metadata();
            var answer = Objects.requireNonNull(metadata.answerAddress());
            var local = Objects.requireNonNull(metadata.localAddress());
            var options = new SendOptions().source(answer);
            var second = pair.next();
            assertThrows(IllegalStateException.class, () -> options.source(answer));
            assertThrows(IllegalStateException.class, local::port);
            assertSame(answer, second.metadata().answerAddress());
            assertEquals(Over.IPV4.loopback(0), answer);
        }
    }

    @Test
    void metadataIsValidForAllDatagramsOfACoalescedMessage() throws SyscallException {
        Needs.joiningOnLoopback();
        try (var pair = new AskedPair(Over.IPV4, Metadata.LOCAL_ADDRESS)) {
            pair.receiver.set(UdpOptions.GRO, true);
            pair.send("first", "other");
            var metadata = pair.next().metadata();
            assertEquals("other", Traffic.text(pair.next()));
            assertEquals(LOOPBACK, metadata.interfaceIndex());
        }
    }

    @Test
    void metadataAndItsViewsAreInvalidAfterTheLastDatagram() throws SyscallException {
        try (var pair = new AskedPair(Over.IPV4, Metadata.LOCAL_ADDRESS)) {
            var datagram = pair.send("last").next();
            var metadata = datagram.metadata();
            var local = Objects.requireNonNull(metadata.localAddress());
            assertNull(pair.in.next());
            assertGone(metadata);
            assertThrows(IllegalStateException.class, local::port);
            assertThrows(IllegalStateException.class, datagram::metadata);
        }
    }

    @Test
    void metadataIsInvalidAfterTheNextReceive() throws SyscallException {
        try (var pair = new AskedPair(Over.IPV4, Metadata.LOCAL_ADDRESS)) {
            var metadata = pair.metadata();
            assertEquals(0, pair.receiver.receive(pair.in));
            assertGone(metadata);
        }
    }

    @Test
    void metadataIsInvalidOnceTheBatchIsClosed() throws SyscallException {
        try (var pair = new AskedPair(Over.IPV4, Metadata.LOCAL_ADDRESS)) {
            var metadata = pair.metadata();
            pair.in.close();
            assertGone(metadata);
        }
    }

    @Test
    void copiesOfMetadataAndOfDatagramsStayValid() throws SyscallException {
        try (var pair = new AskedPair(Over.MAPPED, Metadata.values())) {
            pair.sendsTrafficClass(0xb9);
            pair.sendsHopLimit(33);
            var datagram = pair.send("keep").next();
            var text = datagram.metadata().toString();
            var copies = List.of(datagram.metadata().copy(), datagram.copy().metadata());
            assertNull(pair.in.next());
            for (var copy : copies) {
                assertEquals(text, copy.toString());
                assertEquals(Over.MAPPED.loopback(0), copy.localAddress());
                assertEquals(Over.MAPPED.loopback(0), copy.answerAddress());
                assertEquals(0xb9, copy.trafficClass());
                assertEquals(33, copy.hopLimit());
                assertSame(copy, copy.copy());
            }
            assertNotSame(copies.get(0), copies.get(1));
        }
    }

    @Test
    void copiesOfDatagramsWithoutMetadataShareOneObject() throws SyscallException {
        try (var pair = new AskedPair(Over.IPV6)) {
            pair.out.coalescing(false);
            pair.send("first", "second");
            var copy = pair.next().copy();
            assertSame(copy.metadata(), pair.next().copy().metadata());
            assertSame(copy.metadata(), copy.copy().metadata());
            assertEquals("metadata: none", copy.metadata().toString());
        }
    }

    /** control() has a reader of its own, so metadata does not disturb a walk that has begun. */
    @Test
    void readingMetadataDoesNotDisturbAWalkOverControlMessages() throws SyscallException {
        try (var pair = new AskedPair(Over.IPV4, Metadata.TRAFFIC_CLASS, Metadata.HOP_LIMIT)) {
            var datagram = pair.send("walk").next();
            int messages = 0;
            for (var control = pair.in.control(); control.next(); messages++) {
                assertEquals(0, datagram.metadata().trafficClass());
            }
            assertEquals(2, messages);
        }
    }

    @Test
    void aDatagramThatNoSocketReceivedHasNoMetadata() {
        var datagram = Datagram.of(new byte[3], SockAddr.of("127.0.0.1", 7));
        assertEquals("metadata: none", datagram.metadata().toString());
        assertEquals(3, datagram.originalLength());
    }
}
