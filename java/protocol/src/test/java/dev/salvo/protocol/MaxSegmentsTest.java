package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.SentMessage;
import dev.salvo.kernel.Syscall;
import dev.salvo.reactor.FaultyReactor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A port joins as many datagrams as its options say, if the kernel accepts that many, whichever batch it borrows. */
@Tag("fault")
class MaxSegmentsTest {

    private static final DatagramProtocol SILENT = (datagram, transport) -> {};

    @ParameterizedTest
    @CsvSource({"128, 128, '128,72'", "128, 100, '100,100'", "64, 128, '64,64,64,8'", "128, 64, '64,64,64,8'"})
    void aPortJoinsAtMostItsOwnMaxSegments(int kernelTakes, int asked, String messages) throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            if (kernelTakes > 64) {
                faulty.kernel.maxSegments(kernelTakes);
                faulty.kernel.always(Syscall.SENDMSG, Answer.value(kernelTakes));
            }
            faulty.kernel.always(Syscall.SENDMMSG, Answer.accept());
            var port = faulty.listen(SILENT, Loopback.IPV4.options().withMaxSegments(asked));
            var plain = faulty.listen(SILENT, Loopback.IPV4.options());
            faulty.phases(() -> write(port, peer), () -> {
                assertEquals(List.of(messages.split(",")), sizes(faulty));
                faulty.kernel.forget();
                // The same batch again: the limit of one port does not apply to the other.
                write(plain, peer);
            }, () -> assertEquals(List.of("64", "64", "64", "8"), sizes(faulty)));
        }
    }

    private static void write(DatagramTransport port, Peer peer) {
        for (int i = 0; i < 200; i++) {
            port.write(new byte[64], peer.address());
        }
    }

    private static List<String> sizes(FaultyReactor faulty) {
        return faulty.kernel.sent().stream().map(SentMessage::datagrams).map(List::size).map(String::valueOf).toList();
    }
}
