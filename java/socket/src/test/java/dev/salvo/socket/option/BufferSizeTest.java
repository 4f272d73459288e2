package dev.salvo.socket.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.socket.UdpSocket;
import java.net.StandardProtocolFamily;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernel takes a negative buffer size for the largest one. */
@Tag("loopback")
class BufferSizeTest {

    static Stream<SockOpt<Integer>> sizes() {
        return Stream.of(
                SocketLevelOptions.RCVBUF, SocketLevelOptions.SNDBUF, SocketLevelOptions.RCVBUFFORCE,
                SocketLevelOptions.SNDBUFFORCE);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void aNegativeBufferSizeIsRefusedAndChangesNothing(SockOpt<Integer> option) throws Exception {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            var receive = socket.get(SocketLevelOptions.RCVBUF);
            var send = socket.get(SocketLevelOptions.SNDBUF);
            assertThrows(IllegalArgumentException.class, () -> socket.set(option, -1));
            assertThrows(IllegalArgumentException.class, () -> socket.set(option, Integer.MIN_VALUE));
            assertEquals(receive, socket.get(SocketLevelOptions.RCVBUF));
            assertEquals(send, socket.get(SocketLevelOptions.SNDBUF));
        }
    }
}
