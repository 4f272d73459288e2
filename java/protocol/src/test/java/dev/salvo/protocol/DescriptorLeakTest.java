package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.reactor.Reactor;
import java.io.File;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** However a reactor and its ports end, no descriptor stays open. */
@Tag("loopback")
class DescriptorLeakTest {

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    @Test
    void twoHundredReactorsLeakNoDescriptor() throws Exception {
        openAndClose(0);
        openAndClose(1);
        var before = descriptors();
        for (int i = 0; i < 200; i++) {
            openAndClose(i);
        }
        assertEquals(before, descriptors());
    }

    private static void openAndClose(int i) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options());
            reactor.listenUdp(0, new Recorder(), Loopback.IPV6.options());
            var number = port.localAddress().port();
            assertThrows(
                    CannotListenException.class,
                    () -> reactor.listenUdp(number, new Recorder(), Loopback.IPV4.options()));
            assertThrows(AssertionError.class, () -> reactor.listenUdp(0, new Recorder() {
                @Override
                public void startProtocol(DatagramTransport transport) {
                    throw new AssertionError("refused");
                }
            }));
            port.stopListening();
            if (i % 2 == 0) {
                Loop.turns(reactor, 2);
            }
        }
    }
}
