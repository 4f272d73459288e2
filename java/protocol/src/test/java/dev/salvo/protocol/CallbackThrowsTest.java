package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An exception of a callback is logged and counted, and no other datagram is lost: Twisted's
 * test_datagramReceivedError.
 */
@Tag("loopback")
class CallbackThrowsTest {

    private static final String NAME = Failing.class.getSimpleName();

    /** Answers each datagram, and then throws what its text names. */
    private static final class Failing extends Recorder {

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
            super.datagramReceived(datagram, transport);
            transport.write(datagram, datagram.source());
            switch (text(datagram)) {
                case "exception" -> throw new Exception("checked");
                case "runtime" -> throw new IllegalStateException("unchecked");
                case "error" -> throw new AssertionError("error");
                case "deep" -> throw new StackOverflowError("deep");
                default -> {
                }
            }
        }

        @Override
        public void stopProtocol(DatagramTransport transport) throws Exception {
            super.stopProtocol(transport);
            throw new Exception("at the end");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNextDatagramsStillArrive(Loopback family) throws Exception {
        var protocol = new Failing();
        var sent = List.of("a", "exception", "b", "runtime", "error", "c", "deep", "d");
        try (var log = CapturedLog.open();
                var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var port = reactor.listenUdp(0, protocol, family.options());
            peer.send(port, sent.toArray(String[]::new));
            Loop.turns(reactor, 1);
            assertEquals(sent, protocol.events.subList(1, 9));
            assertEquals(sent, peer.receive(8));
            assertEquals(
                    List.of(
                            "datagramReceived of " + NAME + " (UDP) on " + port.localAddress()
                                    + ": java.lang.Exception: checked",
                            "datagramReceived of " + NAME + " (UDP) on " + port.localAddress()
                                    + ": java.lang.IllegalStateException: unchecked",
                            "datagramReceived of " + NAME + " (UDP) on " + port.localAddress()
                                    + ": java.lang.AssertionError: error",
                            "datagramReceived of " + NAME + " (UDP) on " + port.localAddress()
                                    + ": java.lang.StackOverflowError: deep",
                            "stopProtocol of " + NAME + " (UDP) on " + port.localAddress()
                                    + ": java.lang.Exception: at the end"),
                    log.lines());
            assertEquals(5, port.statistics().callbackFailures());
        }
    }

    /** In Twisted the descriptor stays open, and the Deferred of stopListening never fires. */
    @ParameterizedTest
    @EnumSource
    void aStopProtocolThatThrowsStillClosesThePort(Loopback family) throws Exception {
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, new Failing(), family.options());
            var number = port.localAddress().port();
            var stopped = port.stopListening().thenRun(() -> listen(reactor, number, family));
            stopped.thenRun(reactor::stop);
            Loop.run(reactor);
            stopped.toCompletableFuture().join();
            assertEquals(1, log.lines().size());
        }
    }

    private static void listen(Reactor reactor, int number, Loopback family) {
        try {
            reactor.listenUdp(number, new Recorder(), family.options());
        } catch (CannotListenException e) {
            throw new IllegalStateException(e);
        }
    }

    /** If one stopProtocol throws, the other ports still close: Twisted's shutdownDisconnectsCleanly. */
    @Test
    void allPortsAreStoppedAtTheEnd() throws Exception {
        var protocols = List.of(new Failing(), new Recorder(), new Failing(), new Recorder());
        try (var log = CapturedLog.open();
                var reactor = Reactor.open()) {
            for (var protocol : protocols) {
                reactor.listenUdp(0, protocol);
            }
            Loop.turns(reactor, 1);
            assertEquals(2, log.lines().size());
        }
        protocols.forEach(protocol -> assertEquals(List.of("start", "stop"), protocol.events));
    }
}
