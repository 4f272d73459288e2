package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.reactor.Reactor;
import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An exception of startProtocol is thrown by listenUdp, and the port is closed: its number and its descriptor are free.
 */
@Tag("loopback")
class StartProtocolThrowsTest {

    /** Throws the given throwable in startProtocol. */
    private static final class Failing extends Recorder {

        private final Throwable thrown;
        private final List<DatagramTransport> ports = new ArrayList<>();

        Failing(Throwable thrown) {
            this.thrown = thrown;
        }

        @Override
        public void startProtocol(DatagramTransport transport) throws Exception {
            super.startProtocol(transport);
            ports.add(transport);
            if (thrown instanceof Error e) {
                throw e;
            }
            throw (Exception) thrown;
        }
    }

    private static Throwable listening(Loopback family, Failing protocol) throws Exception {
        try (var reactor = Reactor.open()) {
            var out = assertThrows(Throwable.class, () -> reactor.listenUdp(0, protocol, family.options()));
            var number = protocol.ports.getFirst().localAddress().port();
            reactor.listenUdp(number, new Recorder(), family.options());
            // A protocol that did not start is not stopped either.
            assertEquals(List.of("start"), protocol.events);
            return out;
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUncheckedExceptionIsThrownAsItIs(Loopback family) throws Exception {
        var thrown = new UnsupportedOperationException("no");
        assertSame(thrown, listening(family, new Failing(thrown)));
    }

    @ParameterizedTest
    @EnumSource
    void anErrorIsThrownAsItIs(Loopback family) throws Exception {
        var thrown = new AssertionError("no");
        assertSame(thrown, listening(family, new Failing(thrown)));
    }

    @ParameterizedTest
    @EnumSource
    void anIoExceptionIsTheCauseOfCannotListen(Loopback family) throws Exception {
        var thrown = new FileNotFoundException("zone file");
        var out = listening(family, new Failing(thrown));
        assertEquals(CannotListenException.class, out.getClass());
        assertSame(thrown, out.getCause());
        assertEquals("Couldn't listen on " + family.address(0) + ": zone file", out.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void anotherCheckedExceptionIsTheCauseOfIllegalState(Loopback family) throws Exception {
        var thrown = new Exception("no");
        var out = listening(family, new Failing(thrown));
        assertEquals(IllegalStateException.class, out.getClass());
        assertSame(thrown, out.getCause());
    }

    @Test
    void theTransportIsClosed() throws Exception {
        var protocol = new Failing(new IllegalArgumentException("no"));
        listening(Loopback.IPV4, protocol);
        var port = protocol.ports.getFirst();
        assertThrows(IllegalStateException.class, () -> port.write(new byte[1], Loopback.IPV4.address(9)));
        assertEquals(true, port.stopListening().toCompletableFuture().isDone());
        assertEquals("Failing not connected", Objects.toString(port));
    }
}
