package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Twisted's AdoptDatagramPortErrorsTestsBuilder, under its names, and cases that Twisted does not check. */
@Tag("loopback")
class TwistedAdoptTest {

    private static int socket(Loopback family, int type) {
        return Kernels.current().socket(family == Loopback.IPV4 ? Linux.AF_INET() : Linux.AF_INET6(), type, 0);
    }

    private static boolean isOpen(int descriptor) {
        return Kernels.current().fcntl(descriptor, Linux.F_GETFL(), 0) >= 0;
    }

    private static <T extends IOException> T refusal(Class<T> type, int descriptor) throws IOException {
        var protocol = new Recorder();
        try (var reactor = Reactor.open()) {
            var refused = assertThrows(type, () -> reactor.adoptDatagramPort(descriptor, protocol));
            assertEquals(List.of(), protocol.events);
            return refused;
        }
    }

    @ParameterizedTest
    @EnumSource
    void testInvalidDescriptor(Loopback family) throws Exception {
        var closed = PortSource.bound(family);
        // A number that nothing else in this process gets meanwhile.
        var number = Kernels.current().fcntl(closed.descriptor(), Linux.F_DUPFD_CLOEXEC(), 900);
        closed.close();
        Kernels.current().close(number);
        assertEquals(Errno.EBADF, refusal(SyscallException.class, number).errno());
        assertEquals(Errno.EBADF, refusal(SyscallException.class, -1).errno());
    }

    /** Twisted takes the family as an argument; here it is the descriptor's own. */
    @ParameterizedTest
    @EnumSource(names = "IPV4")
    void testInvalidAddressFamily(Loopback family) throws Exception {
        var local = Kernels.current().socket(Linux.AF_UNIX(), Linux.SOCK_DGRAM(), 0);
        refusal(UnsupportedAddressFamilyException.class, local);
        assertTrue(isOpen(local));
        Kernels.current().close(local);
    }

    @ParameterizedTest
    @EnumSource
    void testStopOnlyCloses(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open();
                var parents = PortSource.bound(family);
                var peer = Peer.open(family);
                var batch = ReceiveBatch.open()) {
            var port = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            port.stopListening().thenRun(reactor::stop);
            Loop.run(reactor);
            assertEquals(List.of("start", "stop"), protocol.events);
            // Neither shut down nor closed: first there is nothing to receive, and then a datagram.
            assertEquals(0, parents.receive(batch));
            peer.send(parents.localAddress(), new byte[]{'a'});
            assertEquals(1, parents.receive(batch));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamSocketIsRefusedAndStaysOpen(Loopback family) throws Exception {
        var stream = socket(family, Linux.SOCK_STREAM());
        refusal(UnsupportedSocketTypeException.class, stream);
        assertTrue(isOpen(stream));
        Kernels.current().close(stream);
    }

    /** Twisted hangs at its second recvfrom. */
    @ParameterizedTest
    @EnumSource
    void aBlockingSocketDoesNotHangTheLoopAndStaysBlocking(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family); var peer = Peer.open(family)) {
            var flags = Kernels.current().fcntl(parents.descriptor(), Linux.F_GETFL(), 0);
            Kernels.current().fcntl(parents.descriptor(), Linux.F_SETFL(), flags & ~Linux.O_NONBLOCK());
            var port = reactor.adoptDatagramPort(parents.descriptor(), protocol);
            Loop.phases(reactor, () -> peer.send(port, "a"), () -> {}, () -> {});
            assertEquals(List.of("start", "a", "stop"), protocol.events);
            assertEquals(0, Kernels.current().fcntl(parents.descriptor(), Linux.F_GETFL(), 0) & Linux.O_NONBLOCK());
        }
    }

    /** Twisted reports 0.0.0.0:0 for ever. */
    @ParameterizedTest
    @EnumSource
    void anUnboundSocketHasAnAddressAfterItsFirstWrite(Loopback family) throws Exception {
        var protocol = new Recorder();
        var descriptor = socket(family, Linux.SOCK_DGRAM());
        try (var reactor = Reactor.open(); var peer = Peer.open(family)) {
            var port = reactor.adoptDatagramPort(descriptor, protocol);
            Kernels.current().close(descriptor);
            assertEquals(0, port.localAddress().port());
            Loop.phases(
                    reactor,
                    () -> {
                        port.write(new byte[]{'a'}, peer.address());
                        port.flush();
                    },
                    () -> {
                        assertTrue(port.localAddress().port() > 0, port.localAddress()::toString);
                        peer.send(family.address(port.localAddress().port()), new byte[]{'b'});
                    },
                    () -> {});
            assertEquals(List.of("a"), peer.received());
            assertEquals(List.of("start", "b", "stop"), protocol.events);
        }
    }

    /** Twisted requires an address for each write, and ignores the refusal. */
    @ParameterizedTest
    @EnumSource
    void aConnectedSocketBecomesAConnectedPort(Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void connectionRefused(SockAddr destination, DatagramTransport transport) {
                events.add("refused by " + destination);
            }
        };
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family)) {
            DatagramTransport port;
            SockAddr address;
            try (var peer = Peer.open(family)) {
                address = peer.address();
                parents.connect(address);
                port = reactor.adoptDatagramPort(parents.descriptor(), protocol);
                assertEquals(address, port.peerAddress());
                port.write("hello".getBytes(ISO_8859_1));
                port.flush();
                assertEquals("hello", peer.receive());
            }
            port.write(new byte[1]);
            Loop.turns(reactor, 2);
            assertEquals(List.of("start", "refused by " + address, "stop"), protocol.events);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnconnectedSocketBecomesAnUnconnectedPort(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family)) {
            var port = reactor.adoptDatagramPort(parents.descriptor(), new Recorder());
            assertNull(port.peerAddress());
            assertThrows(IllegalStateException.class, () -> port.write(new byte[1]));
        }
    }
}
