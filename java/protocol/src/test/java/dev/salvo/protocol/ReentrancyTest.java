package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Trap 25: whatever a callback does in the middle of a batch, the datagram that it was called with stays unchanged, the
 * rest of the batch is delivered once and in order, and everything written arrives.
 */
@Tag("loopback")
class ReentrancyTest {

    private static final List<String> SENT = List.of("a", "act", "b", "c");

    /** What the protocol does on the second of four datagrams. */
    enum Act {
        WRITE_MORE_THAN_A_BATCH_HOLDS, FLUSH, STOP_LISTENING, STOP_LISTENING_AND_WRITE, LISTEN_AND_WRITE_THERE, CALL_LATER, CALL_FROM_THREAD, STOP, RUN, CLOSE, CONNECT, RECONNECT_AND_DISCONNECT
    }

    /** The number of datagrams of 50,000 bytes that is written, more than a batch of 1 MiB holds. */
    private static final int MORE_THAN_FIT = 25;

    private static final class Acting extends Recorder {

        private final Reactor reactor;
        private final Peer peer;
        private final Act act;
        final List<DatagramTransport> opened = new ArrayList<>();

        Acting(Reactor reactor, Peer peer, Act act) {
            this.reactor = reactor;
            this.peer = peer;
            this.act = act;
        }

        @Override
        public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
            var before = text(datagram);
            if (before.equals("act")) {
                act(datagram, transport);
            }
            assertEquals(before, text(datagram));
            assertEquals(peer.address(), datagram.source());
            super.datagramReceived(datagram, transport);
            transport.write(datagram, datagram.source());
        }

        private void act(Datagram datagram, DatagramTransport transport) throws Exception {
            switch (act) {
                case WRITE_MORE_THAN_A_BATCH_HOLDS -> {
                    for (int i = 0; i < MORE_THAN_FIT; i++) {
                        transport.write(new byte[50_000], peer.address());
                    }
                }
                case FLUSH -> {
                    transport.write(datagram, datagram.source());
                    transport.flush();
                }
                case STOP_LISTENING -> transport.stopListening().thenRun(() -> events.add("closed"));
                case STOP_LISTENING_AND_WRITE -> {
                    transport.stopListening().thenRun(() -> events.add("closed"));
                    transport.write(datagram, datagram.source());
                    transport.write(datagram, datagram.source());
                    transport.flush();
                }
                case LISTEN_AND_WRITE_THERE -> {
                    var other = reactor.listenUdp(0, new Recorder(), PortOptions.defaults());
                    opened.add(other);
                    transport.write(datagram, datagram.source());
                    transport.flush();
                    other.stopListening();
                }
                case CALL_LATER -> reactor.callLater(Duration.ZERO, () -> events.add("later"));
                case CALL_FROM_THREAD -> reactor.callFromThread(() -> events.add("later"));
                case STOP -> reactor.stop();
                case RUN -> assertThrows(IllegalStateException.class, reactor::run);
                case CLOSE -> assertThrows(IllegalStateException.class, reactor::close);
                case CONNECT -> transport.connect(peer.address());
                case RECONNECT_AND_DISCONNECT -> {
                    transport.connect(peer.address());
                    transport.write(datagram.segment(), datagram.offset(), datagram.length());
                    transport.connect(transport.localAddress());
                    transport.disconnect();
                }
            }
        }
    }

    private static void acted(Loopback family, Act act, List<String> expectedEvents, List<String> expectedAnswers)
            throws Exception {
        try (var log = CapturedLog.open();
                var reactor = Reactor.open();
                var peer = Peer.open(family)) {
            var protocol = new Acting(reactor, peer, act);
            var port = reactor.listenUdp(0, protocol, family.options());
            peer.send(port, SENT.toArray(String[]::new));
            Loop.turns(reactor, act == Act.STOP ? 1_000_000 : 3);
            assertEquals(List.of(), log.lines());
            assertEquals(expectedEvents, protocol.events);
            assertEquals(expectedAnswers, peer.received());
            assertEquals(4, port.statistics().socket().datagramsReceived());
            assertEquals(0, port.statistics().datagramsDropped());
            protocol.opened
                    .forEach(other -> assertFalse(other.toString().endsWith("on " + other.localAddress().port())));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackMayFillTheSendBatch(Loopback family) throws Exception {
        var large = new String(new byte[50_000], StandardCharsets.ISO_8859_1);
        var answers = new ArrayList<>(List.of("a"));
        for (int i = 0; i < MORE_THAN_FIT; i++) {
            answers.add(large);
        }
        answers.addAll(List.of("act", "b", "c"));
        acted(family, Act.WRITE_MORE_THAN_A_BATCH_HOLDS, List.of("start", "a", "act", "b", "c", "stop"), answers);
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackMayFlush(Loopback family) throws Exception {
        var answers = List.of("a", "act", "act", "b", "c");
        acted(family, Act.FLUSH, List.of("start", "a", "act", "b", "c", "stop"), answers);
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackMayStopListening(Loopback family) throws Exception {
        acted(family, Act.STOP_LISTENING, List.of("start", "a", "act", "b", "c", "stop", "closed"), SENT);
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackMayWriteAfterStopListening(Loopback family) throws Exception {
        var answers = List.of("a", "act", "act", "act", "b", "c");
        acted(family, Act.STOP_LISTENING_AND_WRITE, List.of("start", "a", "act", "b", "c", "stop", "closed"), answers);
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackMayOpenAPort(Loopback family) throws Exception {
        var answers = List.of("a", "act", "act", "b", "c");
        acted(family, Act.LISTEN_AND_WRITE_THERE, List.of("start", "a", "act", "b", "c", "stop"), answers);
    }

    @ParameterizedTest
    @EnumSource(names = {"CALL_LATER", "CALL_FROM_THREAD"})
    void callsAreMadeAfterTheBatch(Act act) throws Exception {
        acted(Loopback.IPV4, act, List.of("start", "a", "act", "b", "c", "later", "stop"), SENT);
    }

    @ParameterizedTest
    @EnumSource(names = {"STOP", "RUN", "CLOSE"})
    void stopRunAndCloseDoNotInterruptTheBatch(Act act) throws Exception {
        acted(Loopback.IPV4, act, List.of("start", "a", "act", "b", "c", "stop"), SENT);
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackMayConnect(Loopback family) throws Exception {
        acted(family, Act.CONNECT, List.of("start", "a", "act", "b", "c", "stop"), SENT);
    }

    @ParameterizedTest
    @EnumSource
    void aCallbackMayReconnectAndDisconnect(Loopback family) throws Exception {
        var answers = List.of("a", "act", "act", "b", "c");
        acted(family, Act.RECONNECT_AND_DISCONNECT, List.of("start", "a", "act", "b", "c", "stop"), answers);
    }
}
