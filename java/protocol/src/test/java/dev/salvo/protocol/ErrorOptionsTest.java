package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both the port's option and a connection need the error queue: neither disables it for the other. */
@Tag("loopback")
class ErrorOptionsTest {

    private static final PortOptions OPTIONS = PortOptions.defaults().withErrors(true);

    private static SockAddr dead(Loopback family) throws IOException {
        try (var peer = Peer.open(family)) {
            return peer.address();
        }
    }

    private static List<Boolean> switches(UdpSocket socket, Loopback family) throws SyscallException {
        var switches = new ArrayList<>(List.of(socket.get(IpOptions.RECVERR)));
        if (family == Loopback.IPV6) {
            switches.add(socket.get(Ipv6Options.RECVERR));
        }
        return switches.stream().distinct().toList();
    }

    @ParameterizedTest
    @CsvSource({"LISTENED, IPV4", "LISTENED, IPV6", "ADOPTED, IPV4", "ADOPTED, IPV6"})
    void aDisconnectedPortStillReceivesErrors(PortSource source, Loopback family) throws Exception {
        var protocol = new ErrorRecorder();
        var former = dead(family);
        var dead = dead(family);
        try (var reactor = Reactor.open()) {
            var port = source.open(reactor, family, protocol, OPTIONS);
            Loop.phases(
                    reactor,
                    () -> port.connect(former),
                    port::disconnect,
                    () -> {
                        assertEquals(List.of(true), switches(port.socket(), family));
                        port.write(new byte[1], dead);
                    },
                    () -> {},
                    () -> {});
            assertEquals(List.of("start", "error " + dead, "stop"), protocol.events);
        }
    }

    @ParameterizedTest
    @CsvSource({"IPV4, false, false", "IPV4, false, true", "IPV4, true, true", "IPV6, false, false",
            "IPV6, false, true",
            "IPV6, true, true"})
    void closingAnAdoptedPortRestoresTheErrorQueue(Loopback family, boolean before, boolean connected)
            throws Exception {
        try (var parents = PortSource.bound(family); var reactor = Reactor.open()) {
            parents.set(IpOptions.RECVERR, before);
            if (family == Loopback.IPV6) {
                parents.set(Ipv6Options.RECVERR, before);
            }
            var port = reactor.adoptDatagramPort(parents.descriptor(), new ErrorRecorder(), OPTIONS);
            assertEquals(List.of(true), switches(parents, family));
            if (connected) {
                port.connect(dead(family));
            }
            Loop.phases(reactor, port::stopListening, () -> {});
            assertEquals(List.of(before), switches(parents, family));
            assertEquals(null, parents.peerAddress());
        }
    }

    @Test
    void withoutTheOptionAnUnconnectedPortHasNoErrorQueue() throws Exception {
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(0, new ErrorRecorder(), Loopback.IPV6.options());
            assertEquals(List.of(false), switches(port.socket(), Loopback.IPV6));
            port.connect(dead(Loopback.IPV6));
            assertEquals(List.of(true), switches(port.socket(), Loopback.IPV6));
            port.disconnect();
            assertEquals(List.of(false), switches(port.socket(), Loopback.IPV6));
        }
    }

    /** A port that asks for errors would otherwise wait for them in vain. */
    @ParameterizedTest
    @CsvSource({"IPV4, 0", "IPV6, 0", "IPV6, 41"})
    void listenFailsIfTheKernelHasNoErrorQueue(Loopback family, int level) throws Exception {
        try (var faulty = new FaultyReactor()) {
            var recvErr = level == 0 ? Linux.IP_RECVERR() : Linux.IPV6_RECVERR();
            faulty.kernel.always(
                    Syscall.SETSOCKOPT,
                    call -> call.number(1) == level && call.number(2) == recvErr
                            ? -Errno.ENOPROTOOPT
                            : call.passOn());
            var protocol = new ErrorRecorder();
            var options = family.options().withErrors(true);
            var thrown = assertThrows(CannotListenException.class, () -> faulty.listen(protocol, options));
            var cause = assertInstanceOf(SyscallException.class, thrown.getCause());
            assertEquals(Errno.ENOPROTOOPT, cause.errno());
            assertEquals(List.of(), protocol.events);
            assertEquals(1, faulty.count(Syscall.CLOSE));
        }
    }
}
