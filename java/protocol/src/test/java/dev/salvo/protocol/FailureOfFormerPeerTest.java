package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.reactor.FaultyReactor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** writeFailed names the peer that the datagram was written to, even if the port has another peer by then. */
@Tag("fault")
class FailureOfFormerPeerTest {

    @ParameterizedTest
    @CsvSource({"IPV4, true", "IPV4, false", "IPV6, true", "IPV6, false"})
    void aFailureNamesThePeerOfItsWrite(Loopback family, boolean reconnect) throws Exception {
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
