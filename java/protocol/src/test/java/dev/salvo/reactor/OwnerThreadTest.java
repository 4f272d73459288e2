package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Recorder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * A reactor and its ports belong to the platform thread that opened it. The exception names the method to use instead.
 */
@Tag("loopback")
class OwnerThreadTest {

    @Test
    void anotherThreadIsRefusedAndChangesNothing() throws Exception {
        var address = Loopback.IPV4.address(9);
        try (var running = ReactorThread.start()) {
            var reactor = running.reactor();
            var protocol = new Recorder();
            var port = running.listen(Loopback.IPV4, protocol);
            var timer = running.call(() -> reactor.callLater(Duration.ofHours(1), () -> {}));
            List<Executable> calls = List.of(
                    () -> reactor.listenUdp(0, protocol),
                    () -> reactor.callLater(Duration.ZERO, () -> {}),
                    () -> reactor.busyPoll(Duration.ZERO),
                    () -> reactor.gather(Duration.ZERO),
                    reactor::run,
                    reactor::close,
                    timer::cancel,
                    () -> port.write(new byte[1], address),
                    port::flush,
                    port::stopListening,
                    port::statistics);
            for (var call : calls) {
                var e = assertThrows(WrongThreadException.class, call);
                assertTrue(String.valueOf(e.getMessage()).contains("reactor"), e.getMessage());
            }
            assertEquals(0, running.call(port::statistics).socket().datagramsSent());
            assertEquals(true, running.call(timer::active));
        }
    }

    @Test
    void theExceptionNamesCallFromThread() throws Exception {
        try (var running = ReactorThread.start()) {
            var reactor = running.reactor();
            var e = assertThrows(WrongThreadException.class, () -> reactor.listenUdp(0, new Recorder()));
            assertTrue(String.valueOf(e.getMessage()).endsWith("use callFromThread"), e.getMessage());
        }
    }

    @Test
    void aVirtualThreadIsRefusedWithAnExplanation() throws Exception {
        var messages = new String[1];
        Thread.ofVirtual()
                .start(() -> messages[0] = assertThrows(IllegalStateException.class, Reactor::open)
                        .getMessage())
                .join();
        assertEquals("a reactor blocks in system calls: open it on a platform thread", messages[0]);
    }
}
