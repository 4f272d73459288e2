package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Metadata;
import dev.salvo.socket.option.IpOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Options belong to the socket: of two ports that adopt the same one, the first enables the options for both, and
 * disables them for both when it closes.
 */
@Tag("loopback")
class TwoPortsOneSocketTest {

    private static final PortOptions OPTIONS = PortOptions.defaults().withErrors(true)
            .withMetadata(Metadata.LOCAL_ADDRESS);

    @ParameterizedTest
    @EnumSource
    void closingTheFirstPortDisablesTheOptionsOfTheSecond(Loopback family) throws Exception {
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

    /** The second port found the options on, and so leaves them on. */
    @ParameterizedTest
    @EnumSource
    void closingTheSecondPortLeavesTheOptionsOn(Loopback family) throws Exception {
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
