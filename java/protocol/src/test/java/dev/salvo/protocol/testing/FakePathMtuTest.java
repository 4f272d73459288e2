package dev.salvo.protocol.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.socket.PathMtu;
import dev.salvo.socket.SockAddr;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A protocol that sizes its datagrams by the path MTU can be tested with a fake transport. */
@Tag("unit")
class FakePathMtuTest {

    private static final SockAddr PEER = SockAddr.of("198.51.100.7", 7);

    private final FakeDatagramTransport fake = new FakeDatagramTransport();

    @Test
    void aProtocolFillsItsAnswerUpToThePathMtu() throws Exception {
        DatagramProtocol filling = (datagram, transport) -> {
            var mtu = transport.pathMtu(datagram.source());
            transport.write(new byte[PathMtu.largestPayload(mtu, datagram.source())], datagram.source());
        };
        fake.deliver(filling, new byte[0], PEER);
        fake.setPathMtu(1280);
        fake.deliver(filling, new byte[0], PEER);
        assertEquals(
                List.of(1472, 1252),
                fake.written().stream().map(written -> written.payload().length).toList());
    }

    @Test
    void pathMtuFailsWhereItFailsOnAPort() {
        assertThrows(IllegalArgumentException.class, () -> fake.pathMtu(SockAddr.of("198.51.100.7", 0)));
        var refused = assertThrows(SyscallException.class, () -> fake.pathMtu(SockAddr.of("2001:db8::7", 7)));
        assertEquals(Errno.EAFNOSUPPORT, refused.errno());
        fake.stopListening();
        assertThrows(IllegalStateException.class, () -> fake.pathMtu(PEER));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 67, 65_537})
    void anInvalidMtuIsRefused(int bytes) {
        assertThrows(IllegalArgumentException.class, () -> fake.setPathMtu(bytes));
    }
}
