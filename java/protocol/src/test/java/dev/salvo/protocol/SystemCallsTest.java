package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Call;
import dev.salvo.kernel.Syscall;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.Needs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The number of system calls per datagram, which batching and coalescing reduce. */
@Tag("fault")
class SystemCallsTest {

    private static final DatagramProtocol ECHO = (datagram, transport) -> transport.write(datagram, datagram.source());
    private static final List<Syscall> TURN = List.of(Syscall.EPOLL_PWAIT2, Syscall.RECVMMSG, Syscall.SENDMMSG);

    private static List<Syscall> names(FaultyReactor faulty) {
        return faulty.kernel.calls().stream().map(Call::name).toList();
    }

    /** One datagram there and back takes exactly three calls: no timer, no eventfd, no epoll_ctl, no EAGAIN. */
    @ParameterizedTest
    @EnumSource
    void aPingPongTurnMakesThreeCalls(Loopback family) throws Exception {
        var rounds = 100;
        var round = new int[1];
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(family)) {
            var port = faulty.listen(
                    (datagram, transport) -> {
                        ECHO.datagramReceived(datagram, transport);
                        if (round[0] > rounds) {
                            faulty.reactor.stop();
                        }
                    },
                    family.options());
            // The peer sends when the loop is about to wait.
            faulty.kernel.always(Syscall.EPOLL_PWAIT2, call -> {
                play(peer, port, round[0]++);
                return call.passOn();
            });
            // Its first write makes the port's reactor open a send batch.
            port.write(new byte[0], peer.address());
            port.flush();
            assertEquals("", peer.receive());
            faulty.kernel.forget();
            faulty.reactor.run();
            // The calls in the round after the last belong to stopping.
            for (int i = 0; i < rounds; i++) {
                assertEquals(TURN, names(faulty).subList(3 * i, 3 * i + 3), "round " + i);
            }
        }
    }

    private static void play(Peer peer, DatagramTransport port, int round) {
        try {
            if (round > 0) {
                assertEquals("ball " + round, peer.receive());
            }
            peer.send(port, "ball " + (round + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bursts of 64 datagrams, as a peer with segmentation offload sends them: one message each, both ways. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16, 64})
    void offloadedBurstsMakeThreeCallsInAll(int bursts) throws Exception {
        Needs.joiningOnLoopback();
        var datagrams = bursts * 64;
        var received = new int[1];
        try (var faulty = new FaultyReactor();
                var sender = UdpSocket.open(StandardProtocolFamily.INET);
                var batch = SendBatch.open(1 << 20)) {
            sender.bind(Loopback.IPV4.address(0));
            sender.set(SocketLevelOptions.RCVBUF, 4 << 20);
            var port = faulty.listen(
                    (datagram, transport) -> {
                        ECHO.datagramReceived(datagram, transport);
                        received[0]++;
                    },
                    Loopback.IPV4.options());
            port.socket().set(SocketLevelOptions.RCVBUF, 4 << 20);
            var payload = MemorySegment.ofArray("x".repeat(64).getBytes(ISO_8859_1));
            for (int i = 0; i < datagrams; i++) {
                assertTrue(batch.add(payload, 0, 64, port.localAddress()));
            }
            assertEquals(datagrams, sender.send(batch));
            assertEquals(bursts, sender.statistics().messagesSent());
            faulty.kernel.forget();
            faulty.phases(() -> {}, () -> {
                assertEquals(datagrams, received[0]);
                assertEquals(TURN, names(faulty).stream().filter(TURN::contains).toList());
            });
            assertEquals(bursts, port.statistics().socket().messagesReceived());
            assertEquals(bursts, port.statistics().socket().messagesSent());
        }
    }

    /** Without offload a call still handles 64 datagrams. */
    @Test
    void plainBurstsMakeOneCallPer64Datagrams() throws Exception {
        try (var faulty = new FaultyReactor();
                var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(ECHO, Loopback.IPV4.options().withCoalescing(false));
            port.socket().set(SocketLevelOptions.RCVBUF, 4 << 20);
            for (int i = 0; i < 250; i++) {
                peer.send(port.localAddress(), new byte[10]);
            }
            faulty.kernel.forget();
            faulty.phases(() -> {});
            assertEquals(4, faulty.count(Syscall.RECVMMSG));
            assertEquals(4, faulty.count(Syscall.SENDMMSG));
            assertEquals(250, peer.received().size());
        }
    }
}
