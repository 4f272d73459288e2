package dev.salvo.protocol.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.InvalidAddressException;
import dev.salvo.protocol.MessageLengthException;
import dev.salvo.protocol.MulticastJoinException;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.DatagramMetadata;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fake transport records what was written, and refuses what a port refuses. */
@Tag("unit")
class FakeDatagramTransportTest {

    private static final SockAddr PEER = SockAddr.of("198.51.100.7", 7);
    private static final SockAddr OTHER = SockAddr.of("198.51.100.8", 7);
    private static final SockAddr IPV6_PEER = SockAddr.of("2001:db8::7", 7);
    private static final MemorySegment LARGE = MemorySegment.ofArray(new byte[70_000]);

    private final FakeDatagramTransport fake = new FakeDatagramTransport();

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private List<String> texts() {
        return fake.written().stream().map(Written::text).toList();
    }

    @Test
    void theDefaultAddressIsADocumentationAddress() {
        assertEquals(SockAddr.of("0.0.0.0", 9999), fake.localAddress());
        assertEquals(IPV6_PEER, new FakeDatagramTransport(IPV6_PEER).localAddress());
    }

    @Test
    void everyFormOfWriteIsRecordedInOrder() {
        var datagram = Datagram.of(bytes("g"), OTHER);
        assertTrue(fake.write(bytes("a"), PEER));
        assertTrue(fake.write(bytes("b"), new InetSocketAddress("198.51.100.7", 7)));
        assertTrue(fake.write(bytes("c"), "198.51.100.7", 7));
        assertTrue(fake.write(ByteBuffer.wrap(bytes("d")), PEER));
        assertTrue(fake.write(MemorySegment.ofArray(bytes("-e-")), 1, 1, PEER));
        assertTrue(fake.writeSequence(List.of(bytes("f"), bytes("f")), PEER));
        assertTrue(fake.write(datagram, PEER));
        assertTrue(fake.write(bytes("h"), PEER));
        fake.flush();
        assertEquals(List.of("a", "b", "c", "d", "e", "ff", "g", "h"), texts());
        assertEquals(Set.of(PEER), Set.copyOf(fake.written().stream().map(Written::destination).toList()));
    }

    @Test
    void theRecordIsACopy() {
        var payload = bytes("before");
        fake.write(payload, PEER);
        payload[0] = 'B';
        var sofar = fake.written();
        fake.write(payload, PEER);
        assertEquals(List.of(new Written(bytes("before"), PEER)), sofar);
        fake.clear();
        assertEquals(List.of(), fake.written());
    }

    @Test
    void theOtherFamilyIsRefused() {
        var ipv6 = new FakeDatagramTransport(SockAddr.of("2001:db8::1", 9));
        assertThrows(InvalidAddressException.class, () -> fake.write(bytes("x"), IPV6_PEER));
        assertThrows(InvalidAddressException.class, () -> fake.connect(IPV6_PEER));
        assertThrows(InvalidAddressException.class, () -> ipv6.write(bytes("x"), PEER));
        assertThrows(InvalidAddressException.class, () -> fake.write(bytes("x"), "localhost", 7));
        assertEquals(List.of(), fake.written());
    }

    @ParameterizedTest
    @CsvSource({
            "192.0.2.1, 198.51.100.7, 65507",
            "2001:db8::1, 2001:db8::7, 65527",
            "::, ::ffff:198.51.100.7, 65507"
    })
    void aDatagramThatIsTooLongIsRefused(String local, String destination, int most) {
        var port = new FakeDatagramTransport(SockAddr.of(local, 9));
        var to = SockAddr.of(destination, 7);
        assertTrue(port.write(LARGE, 0, most, to));
        assertThrows(MessageLengthException.class, () -> port.write(LARGE, 0, most + 1, to));
        assertEquals(1, port.written().size());
    }

    @Test
    void bytesOutsideThePayloadAreRefused() {
        assertThrows(IndexOutOfBoundsException.class, () -> fake.write(LARGE, 69_999, 2, PEER));
        assertThrows(IndexOutOfBoundsException.class, () -> fake.write(LARGE, 0, -1, PEER));
        assertEquals(List.of(), fake.written());
    }

    @Test
    void aConnectedFakeWritesOnlyToItsPeer() throws Exception {
        assertThrows(IllegalStateException.class, () -> fake.write(bytes("nowhere")));
        fake.connect("198.51.100.7", 7);
        assertEquals(PEER, fake.peerAddress());
        assertTrue(fake.write(bytes("a")));
        assertTrue(fake.write(bytes("b")));
        assertTrue(fake.write(bytes("c"), PEER));
        assertThrows(InvalidAddressException.class, () -> fake.write(bytes("x"), OTHER));
        fake.connect(OTHER.toInetSocketAddress());
        assertEquals(OTHER, fake.peerAddress());
        assertTrue(fake.write(bytes("d")));
        fake.disconnect();
        assertNull(fake.peerAddress());
        assertTrue(fake.write(bytes("e"), PEER));
        assertThrows(IllegalStateException.class, () -> fake.write(bytes("nowhere")));
        assertEquals(List.of("a", "b", "c", "d", "e"), texts());
        assertEquals(
                List.of(PEER, PEER, PEER, OTHER, PEER),
                fake.written().stream().map(Written::destination).toList());
    }

    @Test
    void aFullQueueRefusesWritesAndSetters() throws Exception {
        fake.setAccepting(false);
        assertFalse(fake.write(bytes("x"), PEER));
        assertThrows(InvalidAddressException.class, () -> fake.write(bytes("x"), IPV6_PEER));
        assertEquals(Errno.EAGAIN, assertThrows(SyscallException.class, () -> fake.setTTL(2)).errno());
        fake.setAccepting(true);
        assertEquals(1, fake.getTTL());
        assertTrue(fake.write(bytes("a"), PEER));
        assertEquals(List.of("a"), texts());
    }

    @Test
    void aStoppedFakeRefusesWhatAClosedPortRefuses() throws Exception {
        fake.connect(PEER);
        assertFalse(fake.isStopped());
        var stopped = fake.stopListening();
        assertTrue(stopped.toCompletableFuture().isDone());
        assertSame(stopped, fake.stopListening());
        assertTrue(fake.isStopped());
        assertThrows(IllegalStateException.class, () -> fake.write(bytes("x")));
        assertThrows(IllegalStateException.class, () -> fake.write(bytes("x"), PEER));
        assertThrows(IllegalStateException.class, fake::flush);
        assertThrows(IllegalStateException.class, () -> fake.connect(PEER));
        assertThrows(IllegalStateException.class, fake::disconnect);
        assertThrows(IllegalStateException.class, () -> fake.joinGroup("224.0.1.1"));
        assertThrows(IllegalStateException.class, () -> fake.leaveGroup("224.0.1.1"));
        assertThrows(IllegalStateException.class, () -> fake.setTTL(1));
        assertThrows(IllegalStateException.class, fake::getBroadcastAllowed);
        assertEquals(SockAddr.of("0.0.0.0", 9999), fake.localAddress());
        assertEquals(List.of(), fake.written());
    }

    @Test
    void deliverCallsTheProtocolWithThisTransport() throws Exception {
        DatagramProtocol echo = (datagram, transport) -> transport.write(datagram, datagram.source());
        fake.deliver(echo, bytes("a"), PEER);
        fake.deliver(echo, bytes(""), OTHER);
        assertEquals(List.of(new Written(bytes("a"), PEER), new Written(bytes(""), OTHER)), fake.written());
        var thrown = new Exception("no");
        assertSame(thrown, assertThrows(Exception.class, () -> fake.deliver((d, t) -> {
            throw thrown;
        }, bytes("b"), PEER)));
    }

    @Test
    void groupsAreRecordedWithTheirInterface() throws Exception {
        fake.joinGroup("224.0.1.1");
        fake.joinGroup("224.0.1.2", "eth0");
        assertEquals(Set.of("224.0.1.1", "224.0.1.2 on eth0"), fake.groups());
        fake.leaveGroup("224.0.1.2", "eth0");
        assertEquals(Set.of("224.0.1.1"), fake.groups());
    }

    @Test
    void optionsHaveAPortsDefaultsUntilTheyAreSet() throws Exception {
        assertEquals(1, fake.getTTL());
        assertTrue(fake.getLoopbackMode());
        assertFalse(fake.getBroadcastAllowed());
        assertEquals("0.0.0.0", fake.getOutgoingInterface());
        assertEquals("0", new FakeDatagramTransport(IPV6_PEER).getOutgoingInterface());
        fake.setTTL(32);
        fake.setLoopbackMode(false);
        fake.setBroadcastAllowed(true);
        fake.setOutgoingInterface("192.0.2.1");
        assertEquals(32, fake.getTTL());
        assertFalse(fake.getLoopbackMode());
        assertTrue(fake.getBroadcastAllowed());
        assertEquals("192.0.2.1", fake.getOutgoingInterface());
        assertThrows(IllegalArgumentException.class, () -> fake.setTTL(256));
        assertThrows(IllegalArgumentException.class, () -> fake.setTTL(-1));
    }

    @Test
    void socketIsUnsupported() {
        assertThrows(UnsupportedOperationException.class, new FakeDatagramTransport()::socket);
    }

    @Test
    void statisticsCountWhatWasDeliveredWrittenAndRefused() throws Exception {
        var fake = new FakeDatagramTransport();
        fake.connect(PEER);
        fake.deliver((datagram, transport) -> transport.write(datagram, datagram.source()), bytes("abc"), PEER);
        fake.deliver((datagram, transport) -> transport.write(datagram, datagram.source()), bytes("stranger"), OTHER);
        fake.setAccepting(false);
        fake.write(bytes("refused"));
        var statistics = fake.statistics();
        assertEquals(1, statistics.socket().datagramsReceived());
        assertEquals(3, statistics.socket().bytesReceived());
        assertEquals(1, statistics.socket().datagramsSent());
        assertEquals(3, statistics.socket().bytesSent());
        assertEquals(1, statistics.datagramsFromStrangers());
        assertEquals(1, statistics.datagramsRefused());
    }

    /** As with a port, so that a test finds a protocol that forgot to copy. */
    @Test
    void aDeliveredDatagramIsGoneAfterTheCallback() throws Exception {
        var fake = new FakeDatagramTransport();
        var kept = new ArrayList<Datagram>();
        var copies = new ArrayList<Datagram>();
        fake.deliver((datagram, transport) -> {
            kept.add(datagram);
            copies.add(datagram.copy());
        }, bytes("abc"), PEER);
        assertEquals("abc", copies.getFirst().text());
        assertEquals(PEER, copies.getFirst().source());
        var thrown = assertThrows(IllegalStateException.class, () -> kept.getFirst().text());
        assertEquals("this datagram is gone, because the batch has moved on: call copy() earlier to keep it",
                thrown.getMessage());
        assertThrows(IllegalStateException.class, () -> kept.getFirst().source());
        assertThrows(IllegalStateException.class, () -> fake.write(kept.getFirst(), PEER));
    }

    @Test
    void deliverDropsWhatAPortWouldNotReceive() throws Exception {
        var received = new ArrayList<SockAddr>();
        fake.connect(PEER);
        fake.deliver((datagram, transport) -> received.add(datagram.source()), bytes("a"), OTHER);
        fake.deliver((datagram, transport) -> received.add(datagram.source()), bytes("b"), PEER);
        fake.stopListening();
        fake.deliver((datagram, transport) -> received.add(datagram.source()), bytes("c"), PEER);
        assertEquals(List.of(PEER), received);
    }

    @Test
    void joinAndLeaveFailAsOnAPort() throws Exception {
        assertThrows(InvalidAddressException.class, () -> fake.joinGroup("all-hosts"));
        assertEquals(Errno.EINVAL, refused(() -> fake.joinGroup("192.0.2.9")));
        fake.joinGroup("224.0.1.1");
        assertEquals(Errno.EADDRINUSE, refused(() -> fake.joinGroup("224.0.1.1")));
        assertEquals(Errno.EADDRNOTAVAIL, refused(() -> fake.leaveGroup("224.0.1.1", "eth0")));
        fake.leaveGroup("224.0.1.1");
        assertEquals(Set.of(), fake.groups());
    }

    private static int refused(Executable call) {
        return assertThrows(MulticastJoinException.class, call).errno();
    }

    @Test
    void optionsAreRecordedAsTheyWereAtTheWrite() {
        var options = new SendOptions().trafficClass(8);
        assertTrue(fake.write(bytes("a"), PEER, options));
        assertTrue(fake.write(bytes("b"), PEER, options.hopLimit(1)));
        assertTrue(fake.write(Datagram.of(bytes("c"), OTHER), PEER, options.clear()));
        assertEquals(
                List.of(
                        new Written(bytes("a"), PEER, new SendOptions().trafficClass(8)),
                        new Written(bytes("b"), PEER, new SendOptions().trafficClass(8).hopLimit(1)),
                        new Written(bytes("c"), PEER)),
                fake.written());
        assertEquals("1 bytes to 198.51.100.7:7 [trafficClass=8]", fake.written().getFirst().toString());
    }

    @Test
    void optionsThatDoNotSuitTheDatagramAreRefused() {
        var foreign = new SendOptions().source(IPV6_PEER);
        var bytewise = new SendOptions().segmentSize(1);
        assertThrows(IllegalArgumentException.class, () -> fake.write(bytes("x"), PEER, foreign));
        assertThrows(IllegalArgumentException.class, () -> fake.write(new byte[65], PEER, bytewise));
        assertTrue(fake.write(new byte[64], PEER, bytewise));
        assertEquals(1, fake.written().size());
    }

    @Test
    void aDatagramIsDeliveredWithMetadata() throws Exception {
        var here = SockAddr.of("192.0.2.1", 0);
        var metadataOfPort = DatagramMetadata.none().withLocal(SockAddr.of("239.1.2.3", 0), here, 4)
                .withTrafficClass(0xb9)
                .withHopLimit(255).withReceiveTime(5).withPacketDrops(9, 2);
        var seen = new ArrayList<String>();
        var transport = new FakeDatagramTransport();
        transport.deliver((datagram, to) -> {
            var metadata = datagram.metadata();
            seen.add(metadata.localAddress() + " " + metadata.answerAddress() + " " + metadata.interfaceIndex() + " "
                    + metadata.dscp() + " " + metadata.ecn() + " " + metadata.hopLimit() + " " + metadata.receiveTime()
                    + " " + metadata.packetDrops() + " " + metadata.newPacketDrops());
        }, new byte[1], PEER, metadataOfPort);
        transport.deliver((datagram, to) -> seen.add(datagram.metadata().toString()), new byte[1], PEER);
        assertEquals(List.of("239.1.2.3:0 192.0.2.1:0 4 46 1 255 5 9 2", "metadata: none"), seen);
        assertEquals("metadata: none", DatagramMetadata.none().toString());
    }
}
