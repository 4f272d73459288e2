package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Trap 12, against the kernel: the kernel accepts what a ControlWriter writes and refuses malformed messages, and a
 * ControlReader reads what the kernel writes.
 */
@OnLoopback
record ControlOnTheWireTest(Loopback loopback) {

    private static final byte[] PAYLOAD = Traffic.bytes("0123456789abcdefghijABCDE");

    private int level() {
        return loopback == Loopback.IPV4 ? Linux.IPPROTO_IP() : Linux.IPPROTO_IPV6();
    }

    private int hops() {
        return loopback == Loopback.IPV4 ? Linux.IP_TTL() : Linux.IPV6_HOPLIMIT();
    }

    @Test
    void aSegmentSizeSplitsTheMessage() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var sent = RawMessage.send(pair.sender, pair.to, PAYLOAD, (room, writer) -> writer.putShort(
                    Linux.SOL_UDP(), Linux.UDP_SEGMENT(), (short) 10));
            assertEquals(25, sent);
            assertEquals(List.of("0123456789", "abcdefghij", "ABCDE"), Traffic.texts(pair.receive(3)));
        }
    }

    @Test
    void severalControlMessagesAllTakeEffect() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(IpOptions.RECVTTL, true);
            if (loopback == Loopback.IPV6) {
                pair.receiver.set(Ipv6Options.RECVHOPLIMIT, true);
            }
            var sent = RawMessage.send(pair.sender, pair.to, PAYLOAD, (room, writer) -> {
                writer.putInt(level(), hops(), 7);
                writer.putShort(Linux.SOL_UDP(), Linux.UDP_SEGMENT(), (short) 20);
            });
            assertEquals(25, sent);
            assertTrue(pair.receiver.awaitReadable(null));
            assertEquals(2, pair.receiver.receive(pair.in));
            for (int length : new int[]{20, 5}) {
                assertEquals(length, Objects.requireNonNull(pair.in.next()).length());
                var control = pair.in.control();
                assertTrue(control.next());
                assertTrue(control.is(level(), hops()));
                assertEquals(7, control.getInt(0));
            }
            assertNull(pair.in.next());
            assertThrows(IllegalStateException.class, pair.in::control);
        }
    }

    @Test
    void aLengthBeyondTheControlMessagesIsRefused() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var sent = RawMessage.send(pair.sender, pair.to, PAYLOAD, (room, writer) -> {
                writer.putInt(level(), hops(), 7);
                room.set(JAVA_LONG, 0, writer.length() + 1);
            });
            assertEquals(-Errno.EINVAL, sent);
        }
    }

    @Test
    void aLengthBelowTheHeaderIsRefused() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var sent = RawMessage.send(pair.sender, pair.to, PAYLOAD, (room, writer) -> {
                writer.putInt(level(), hops(), 7);
                room.set(JAVA_LONG, 0, 15);
            });
            assertEquals(-Errno.EINVAL, sent);
        }
    }

    @Test
    void anUnknownTypeOfTheSocketsLevelIsRefused() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var sent = RawMessage.send(
                    pair.sender, pair.to, PAYLOAD, (room, writer) -> writer.putInt(level(), 9999, 7));
            assertEquals(-Errno.EINVAL, sent);
        }
    }

    @Test
    void anUnknownLevelIsIgnored() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var sent = RawMessage.send(pair.sender, pair.to, PAYLOAD, (room, writer) -> writer.putInt(9999, 1, 7));
            assertEquals(25, sent);
            assertEquals(1, pair.receive(1).size());
        }
    }

    @Test
    void aValueOutOfRangeIsRefused() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var outOfRange = loopback == Loopback.IPV4 ? 0 : 256;
            var sent = RawMessage.send(
                    pair.sender, pair.to, PAYLOAD, (room, writer) -> writer.putInt(level(), hops(), outOfRange));
            assertEquals(-Errno.EINVAL, sent);
        }
    }
}
