package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.Needs;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An ICMP error is reported with the destination of the datagram that caused it, whatever was sent since. */
@Tag("loopback")
class SocketErrorTest {

    @ParameterizedTest
    @EnumSource
    void aDeadPortIsReportedWithItsAddress(Over over) throws SyscallException {
        try (var socket = over.open();
                var dead = over.loopback.dead();
                var live = over.loopback.bound();
                var out = SendBatch.open()) {
            Traffic.add(out, over.addressOf(dead), "to nobody");
            socket.send(out);
            Traffic.add(out, over.addressOf(live), "to somebody");
            socket.send(out);
            socket.drainErrors();

            assertEquals(over.refused(over.addressOf(dead), "to nobody"), socket.nextError());
            assertNull(socket.nextError());
            assertEquals(1, socket.statistics().icmpErrors());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOldestErrorIsReportedFirst(Over over) throws SyscallException {
        try (var socket = over.open();
                var one = over.loopback.dead();
                var two = over.loopback.dead();
                var out = SendBatch.open()) {
            for (var dead : List.of(one, two, one)) {
                Traffic.add(out, over.addressOf(dead), "to nobody");
                socket.send(out);
            }
            socket.drainErrors();

            for (var dead : List.of(one, two, one)) {
                assertEquals(over.refused(over.addressOf(dead), "to nobody"), socket.nextError());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorQuotesAllDatagramsOfAJoinedMessage(Over over) throws SyscallException {
        Needs.joiningOnLoopback();
        try (var socket = over.open();
                var dead = over.loopback.dead();
                var out = SendBatch.open()) {
            Traffic.add(out, over.addressOf(dead), "a", "b", "c");
            assertEquals(3, socket.send(out));
            assertEquals(1, socket.statistics().messagesSent());
            socket.drainErrors();

            assertEquals(over.refused(over.addressOf(dead), "abc"), socket.nextError());
            assertNull(socket.nextError());
        }
    }

    /** A send that meets a pending error drains the queue itself, and the errors it reads are kept. */
    @ParameterizedTest
    @EnumSource
    void errorsThatASendReadsAreReported(Over over) throws SyscallException {
        try (var socket = over.open();
                var dead = over.loopback.dead();
                var live = over.loopback.bound();
                var out = SendBatch.open()) {
            Traffic.add(out, over.addressOf(dead), "to nobody");
            socket.send(out);
            Traffic.add(out, over.addressOf(live), "to somebody");
            socket.send(out);

            assertEquals(over.refused(over.addressOf(dead), "to nobody"), socket.nextError());
        }
    }

    @Test
    void theDestinationOfAnIpv4AddressOnAnIpv6SocketIsMapped() throws SyscallException {
        try (var socket = Over.MAPPED.open();
                var dead = Loopback.IPV4.dead();
                var out = SendBatch.open()) {
            assertEquals(StandardProtocolFamily.INET6, socket.family());
            Traffic.add(out, dead.localAddress(), "to nobody");
            socket.send(out);
            socket.drainErrors();

            assertEquals(Over.MAPPED.refused(Over.MAPPED.addressOf(dead), "to nobody"), socket.nextError());
        }
    }
}
