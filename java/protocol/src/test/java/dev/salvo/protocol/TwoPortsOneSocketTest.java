package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.Metadata;
import dev.salvo.socket.option.IpOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Options belong to the socket: of two ports that adopt one, the first switches them on, and then off, for both. */
@Tag("loopback")
class TwoPortsOneSocketTest {

    private static final PortOptions OPTIONS = PortOptions.defaults().withErrors(true)
            .withMetadata(Metadata.LOCAL_ADDRESS);

    @ParameterizedTest
    @EnumSource
    void theFirstToCloseSwitchesOffWhatTheOtherAskedForToo(Loopback family) throws Exception {
        try (var parents = PortSource.bound(family); var reactor = Reactor.open()) {
            var first = reactor.adoptDatagramPort(parents.descriptor(), new Recorder(), OPTIONS);
            var second = reactor.adoptDatagramPort(parents.descriptor(), new Recorder(), OPTIONS);
            Loop.phases(reactor, first::stopListening, () -> {}, () -> {
                assertEquals(false, second.socket().get(IpOptions.PKTINFO));
                assertEquals(false, second.socket().get(IpOptions.RECVERR));
                Metadata.LOCAL_ADDRESS.enable(second.socket());
                assertEquals(true, parents.get(IpOptions.PKTINFO));
            });
        }
    }

    /** It found them on, and so leaves them. */
    @ParameterizedTest
    @EnumSource
    void theSecondLeavesThemToTheFirst(Loopback family) throws Exception {
        try (var parents = PortSource.bound(family); var reactor = Reactor.open()) {
            var first = reactor.adoptDatagramPort(parents.descriptor(), new Recorder(), OPTIONS);
            var second = reactor.adoptDatagramPort(parents.descriptor(), new Recorder(), OPTIONS);
            Loop.phases(reactor, second::stopListening, () -> {}, () -> {
                assertEquals(true, first.socket().get(IpOptions.PKTINFO));
                assertEquals(true, first.socket().get(IpOptions.RECVERR));
            });
            assertEquals(false, parents.get(IpOptions.PKTINFO));
            assertEquals(false, parents.get(IpOptions.RECVERR));
        }
    }
}
