package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Twisted's test_NoWarningOnBroadcast and test_allowBroadcast. */
class TwistedBroadcastTest {

    /** The scripted kernel accepts the datagram and sends it nowhere: a real broadcast would leave this host. */
    @ParameterizedTest
    @EnumSource
    @Tag("fault")
    void testNoWarningOnBroadcast(PortSource source) throws Exception {
        try (var log = CapturedLog.open(); var faulty = new FaultyReactor()) {
            var port = faulty.kernel.open(() -> source.open(faulty.reactor, Loopback.IPV4, new Recorder()));
            faulty.kernel.always(Syscall.SENDMMSG, Answer.accept());
            faulty.phases(() -> port.write(new byte[]{1, 2, 3}, "<broadcast>", 9999));
            var sent = faulty.kernel.arrived();
            assertEquals(1, sent.size());
            assertEquals(SockAddr.of("255.255.255.255", 9999), sent.getFirst().destination());
            assertEquals(List.of(), log.lines());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("loopback")
    void anIpv6PortRefusesBroadcast(PortSource source) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, Loopback.IPV6, new Recorder());
            assertThrows(InvalidAddressException.class, () -> port.write(new byte[1], "<broadcast>", 9999));
            assertEquals(0, port.statistics().datagramsQueued());
        }
    }

    @EveryWay
    @Tag("loopback")
    void testAllowBroadcast(PortSource source, Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, new Recorder());
            assertFalse(port.getBroadcastAllowed());
            port.setBroadcastAllowed(true);
            assertTrue(port.getBroadcastAllowed());
            port.setBroadcastAllowed(false);
            assertFalse(port.getBroadcastAllowed());
        }
    }
}
