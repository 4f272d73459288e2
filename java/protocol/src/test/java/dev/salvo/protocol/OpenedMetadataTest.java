package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.socket.Metadata;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A port is the only owner of a socket that it opened: it has no option values to save or restore. */
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
    void noOptionIsReadBeforeItIsSet() throws Exception {
        assertEquals(questions(Loopback.IPV4.options()), questions(OPTIONS));
    }

    @Test
    void aRefusedOptionLeavesNoDescriptorOpen() throws Exception {
        try (var faulty = new FaultyReactor()) {
            Answer refuses = call -> call.number(2) == Linux.SO_RXQ_OVFL() ? -Linux.ENOPROTOOPT() : call.passOn();
            faulty.kernel.always(Syscall.SETSOCKOPT, refuses);
            assertThrows(CannotListenException.class, () -> faulty.listen(new Recorder(), OPTIONS));
            assertEquals(faulty.count(Syscall.SOCKET), faulty.count(Syscall.CLOSE));
        }
    }
}
