package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Call;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.reactor.Reactor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A datagram that a callback writes through another port's transport is sent before the loop waits again. */
@Tag("fault")
class OtherPortWriteTest {

    private static final Set<Syscall> TRAFFIC = Set.of(Syscall.RECVMMSG, Syscall.SENDMMSG, Syscall.EPOLL_PWAIT2);

    @Test
    void aWriteToAnotherPortIsSentInTheSameTurn() throws Exception {
        var kernel = new ScriptedKernel();
        try (var reactor = kernel.open(Reactor::open);
                var peer = Peer.open(Loopback.IPV4)) {
            var exit = kernel.open(() -> reactor.listenUdp(0, new Recorder(), Loopback.IPV4.options()));
            var entry = kernel.open(() -> reactor.listenUdp(
                    0, (datagram, transport) -> exit.write(datagram, datagram.source()), Loopback.IPV4.options()));
            peer.send(entry, "a", "b", "c");
            kernel.forget();
            Loop.turns(reactor, 2);
            var traffic = kernel.calls().stream().map(Call::name).filter(TRAFFIC::contains).toList();
            assertEquals(
                    List.of(Syscall.EPOLL_PWAIT2, Syscall.RECVMMSG, Syscall.SENDMMSG, Syscall.EPOLL_PWAIT2), traffic);
            assertEquals(List.of("a", "b", "c"), peer.received());
            assertEquals(3, exit.statistics().socket().datagramsSent());
        }
    }
}
