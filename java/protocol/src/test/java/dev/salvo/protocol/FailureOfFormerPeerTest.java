package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.Errno;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Syscall;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A failure is told with the peer that the datagram was written to, whoever is the peer by then. */
@Tag("fault")
class FailureOfFormerPeerTest {

    @ParameterizedTest
    @CsvSource({"IPV4, true", "IPV4, false", "IPV6, true", "IPV6, false"})
    void isToldWithItsOwnPeer(Loopback family, boolean reconnect) throws Exception {
        try (var faulty = new FaultyReactor(); var first = Peer.open(family); var second = Peer.open(family)) {
            var protocol = new Recorder();
            var port = faulty.listen(protocol, family.options());
            port.connect(first.address());
            faulty.phases(() -> {
                port.write(new byte[7]);
                faulty.kernel.always(Syscall.SENDMMSG, Answer.error(Errno.EPERM));
                if (reconnect) {
                    port.connect(second.address());
                } else {
                    port.disconnect();
                }
            }, () -> {});
            assertEquals(List.of("start", "failed " + first.address() + " 7 EPERM", "stop"), protocol.events);
        }
    }
}
