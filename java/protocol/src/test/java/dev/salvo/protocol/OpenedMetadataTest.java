package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.Metadata;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Syscall;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nobody holds the socket of a port that was opened but the port: there is nothing to remember, or to put back. */
@Tag("fault")
class OpenedMetadataTest {

    private static final PortOptions OPTIONS = Loopback.IPV4.options()
            .withMetadata(Metadata.LOCAL_ADDRESS, Metadata.HOP_LIMIT, Metadata.PACKET_DROPS);

    private static int questions(PortOptions options) throws IOException {
        try (var faulty = new FaultyReactor()) {
            faulty.listen(new Recorder(), options);
            return faulty.count(Syscall.GETSOCKOPT);
        }
    }

    @Test
    void noOptionIsAskedFor() throws Exception {
        assertEquals(questions(Loopback.IPV4.options()), questions(OPTIONS));
    }

    @Test
    void aRefusalLeavesNothingOpen() throws Exception {
        try (var faulty = new FaultyReactor()) {
            Answer refuses = call -> call.number(2) == Linux.SO_RXQ_OVFL() ? -Linux.ENOPROTOOPT() : call.passOn();
            faulty.kernel.always(Syscall.SETSOCKOPT, refuses);
            assertThrows(CannotListenException.class, () -> faulty.listen(new Recorder(), OPTIONS));
            assertEquals(faulty.count(Syscall.SOCKET), faulty.count(Syscall.CLOSE));
        }
    }
}
