package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trap 6: the kernel refuses a send at once and also queues an error for it. Salvo reports it once. */
@Tag("loopback")
class LocalErrorsTest {

    @ParameterizedTest
    @EnumSource
    void aDatagramThatIsTooLongFailsAndIsNoIcmpError(Over over) throws SyscallException {
        try (var socket = over.open();
                var live = over.loopback.bound();
                var out = SendBatch.open()) {
            var length = over.loopback.largestDatagram + 1;
            Traffic.add(out, Traffic.bytes(length), over.addressOf(live));
            socket.send(out);
            socket.drainErrors();

            assertEquals(List.of(new SendFailure(over.addressOf(live), length, Errno.EMSGSIZE)), out.failures());
            assertTrue(socket.statistics().errorQueueEntries() > 0, "the kernel did not queue it");
            assertNull(socket.nextError());
            assertEquals(0, socket.statistics().icmpErrors());
        }
    }
}
