package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trap 19: of ports that share by SO_REUSEADDR the last gets all that is sent to one host; SO_REUSEPORT deals. */
@Tag("loopback")
class SharedPortTest {

    private static final int PEERS = 64;

    /** How many each of two ports on one number receives, of one datagram from each of many peers. */
    private static List<Integer> received(Loopback family, PortOptions options) throws Exception {
        try (var reactor = Reactor.open()) {
            var first = new Recorder();
            var second = new Recorder();
            var port = reactor.listenUdp(0, first, options);
            reactor.listenUdp(port.localAddress().port(), second, options);
            for (int i = 0; i < PEERS; i++) {
                try (var peer = Peer.open(family)) {
                    peer.send(port.localAddress(), new byte[]{'x'});
                }
            }
            reactor.stop();
            Loop.run(reactor);
            return List.of(count(first), count(second));
        }
    }

    private static int count(Recorder recorder) {
        return (int) recorder.events.stream().filter("x"::equals).count();
    }

    @ParameterizedTest
    @EnumSource
    void theLastToListenTakesAllFromThoseWithListenMultiple(Loopback family) throws Exception {
        assertEquals(List.of(0, PEERS), received(family, family.options().withListenMultiple(true)));
    }

    /** A fair coin gives one side all of 64 once in 2^63. */
    @ParameterizedTest
    @EnumSource
    void flowsAreDealtAmongThoseWithSharedPort(Loopback family) throws Exception {
        var received = received(family, family.options().withSharedPort(true));
        assertEquals(PEERS, received.get(0) + received.get(1));
        assertEquals(List.of(), received.stream().filter(count -> count == 0).toList());
    }

    /** Whoever does not share by the same option is kept out, so nothing is taken from a group. */
    @ParameterizedTest
    @EnumSource
    void nobodyTakesAPortFromAGroup(Loopback family) throws Exception {
        try (var group = ReactorGroup.open(2); var reactor = Reactor.open()) {
            var number = group.listenUdp(0, i -> new Recorder(), family.options()).getFirst().localAddress().port();
            var refused = new ArrayList<Integer>();
            for (var options : List.of(family.options(), family.options().withListenMultiple(true))) {
                var e = assertThrows(IOException.class, () -> reactor.listenUdp(number, new Recorder(), options));
                refused.add(assertInstanceOf(SyscallException.class, e.getCause()).errno());
            }
            assertEquals(List.of(Errno.EADDRINUSE, Errno.EADDRINUSE), refused);
        }
    }

    /** Nor from ports that share: they have not SO_REUSEADDR beside SO_REUSEPORT. */
    @ParameterizedTest
    @EnumSource
    void nobodyTakesAPortThatIsShared(Loopback family) throws Exception {
        try (var reactor = Reactor.open()) {
            var shared = reactor.listenUdp(0, new Recorder(), family.options().withSharedPort(true));
            var number = shared.localAddress().port();
            for (var options : List.of(family.options(), family.options().withListenMultiple(true))) {
                var e = assertThrows(IOException.class, () -> reactor.listenUdp(number, new Recorder(), options));
                assertEquals(Errno.EADDRINUSE, assertInstanceOf(SyscallException.class, e.getCause()).errno());
            }
        }
    }

    @Test
    void bothTogetherAreRefused() throws Exception {
        var both = PortOptions.defaults().withListenMultiple(true).withSharedPort(true);
        try (var reactor = Reactor.open(); var group = ReactorGroup.open(1)) {
            var e = assertThrows(IllegalArgumentException.class, () -> reactor.listenUdp(0, new Recorder(), both));
            assertEquals("a port is shared by listenMultiple or by sharedPort, not by both", e.getMessage());
            assertThrows(IllegalArgumentException.class, () -> group.listenUdp(0, i -> new Recorder(),
                    PortOptions.defaults().withListenMultiple(true)));
        }
    }
}
