package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.socket.option.Ipv6Options;
import java.lang.foreign.Arena;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The flow label of an IPv6 address is sent, but is no part of the address. */
@Tag("loopback")
class FlowLabelTest {

    private static final int IPV6_FLOWINFO = 11;
    private static final SockAddr PLAIN = SockAddr.of("fe80::1%1", 9);

    @Test
    void addressesThatDifferInTheLabelAloneAreEqual() {
        var labelled = PLAIN.withFlowLabel(0x12345);
        assertEquals(PLAIN, labelled);
        assertEquals(PLAIN.hashCode(), labelled.hashCode());
        assertEquals(PLAIN.toString(), labelled.toString());
        assertEquals(0x12345, labelled.flowLabel());
        assertEquals(0, PLAIN.flowLabel());
        assertEquals(1, labelled.scopeId());
        assertEquals(0x12345, labelled.withPort(10).flowLabel());
        assertEquals(0, labelled.withFlowLabel(0).flowLabel());
    }

    /** What getpeername reports, traffic class included, is given to the kernel again. */
    @Test
    void theFlowInfoOfAStructIsKept() {
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocate(64);
            Struct.store(PLAIN, memory, 0);
            memory.asSlice(4, 4).asByteBuffer().putInt(0xab12345);
            var view = SockAddr.view();
            Struct.load(view, memory, 0);
            assertEquals(PLAIN, view);
            assertEquals(0x12345, view.copy().flowLabel());
            Struct.store(view.copy(), memory, 32);
            assertEquals(-1, memory.asSlice(0, 28).mismatch(memory.asSlice(32, 28)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0x100000, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aLabelHasTwentyBits(int label) {
        assertThrows(IllegalArgumentException.class, () -> PLAIN.withFlowLabel(label));
        assertThrows(IllegalArgumentException.class, () -> SockAddr.of("127.0.0.1", 9).withFlowLabel(1));
    }

    private static UdpSocket bound() throws Exception {
        var socket = UdpSocket.open(StandardProtocolFamily.INET6);
        socket.bind(SockAddr.of("::1", 0));
        socket.set(Ipv6Options.FLOWINFO, true);
        socket.set(Ipv6Options.FLOWINFO_SEND, true);
        return socket;
    }

    /** "text label" of each datagram that has arrived, without a label for 0. */
    private static List<String> received(UdpSocket socket, int count) throws Exception {
        var received = new ArrayList<String>();
        try (var batch = ReceiveBatch.open()) {
            while (received.size() < count) {
                assertTrue(socket.awaitReadable(Duration.ofSeconds(10)));
                socket.receive(batch);
                for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
                    var text = datagram.text();
                    var control = batch.control();
                    while (control.next()) {
                        if (control.type() == IPV6_FLOWINFO) {
                            text += " " + Integer.toHexString(Integer.reverseBytes(control.getInt(0)) & 0xfffff);
                        }
                    }
                    assertEquals(0, datagram.source().flowLabel());
                    received.add(text);
                }
            }
        }
        return received;
    }

    /** Datagrams of two flows are never one message, although their destinations are equal. */
    @Test
    void eachDatagramHasTheLabelOfItsDestination() throws Exception {
        try (var receiver = bound(); var sender = bound(); var batch = SendBatch.open()) {
            sender.set(Ipv6Options.AUTOFLOWLABEL, false);
            var to = receiver.localAddress();
            var one = to.withFlowLabel(0x12345);
            var other = to.withFlowLabel(0x54321);
            for (var destination : List.of(one, other, one, to)) {
                batch.add(new byte[]{'a'}, destination);
            }
            assertEquals(4, sender.send(batch));
            var received = received(receiver, 4);
            received.sort(null);
            assertEquals(List.of("a", "a 12345", "a 12345", "a 54321"), received);
        }
    }

    @Test
    void aPeerWithALabelIsThePeerWithout() throws Exception {
        try (var receiver = bound(); var sender = bound(); var batch = SendBatch.open()) {
            sender.connect(receiver.localAddress().withFlowLabel(0x12345));
            assertEquals(receiver.localAddress(), sender.peerAddress());
            assertEquals(0x12345, Objects.requireNonNull(sender.peerAddress()).flowLabel());
            batch.add(new byte[]{'a'}, null);
            sender.send(batch);
            assertEquals(List.of("a 12345"), received(receiver, 1));
        }
    }
}
