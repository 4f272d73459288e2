package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.Reactor;
import dev.salvo.reactor.ReactorGroup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Trap 19: of ports that share a number by SO_REUSEADDR, the last one receives all unicast datagrams; with SO_REUSEPORT
 * the kernel distributes them.
 */
@Tag("loopback")
class SharedPortTest {

    private static final int PEERS = 64;

    /** Sends one datagram from each of many peers, and returns how many each of two ports on one number receives. */
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
    void withListenMultipleTheLastPortReceivesAll(Loopback family) throws Exception {
        assertEquals(List.of(0, PEERS), received(family, family.options().withListenMultiple(true)));
    }

    /** A fair coin falls on the same side 64 times once in 2^63. */
    @ParameterizedTest
    @EnumSource
    void withSharedPortFlowsAreDistributed(Loopback family) throws Exception {
        var received = received(family, family.options().withSharedPort(true));
        assertEquals(PEERS, received.get(0) + received.get(1));
        assertEquals(List.of(), received.stream().filter(count -> count == 0).toList());
    }

    /** A socket that does not share by the same option cannot bind, so it takes no datagrams from a group. */
    @ParameterizedTest
    @EnumSource
    void anotherSocketCannotBindThePortOfAGroup(Loopback family) throws Exception {
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

    /** The same holds for ports that share: they have SO_REUSEPORT without SO_REUSEADDR. */
    @ParameterizedTest
    @EnumSource
    void anotherSocketCannotBindASharedPort(Loopback family) throws Exception {
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
    void listenMultipleWithSharedPortIsRefused() throws Exception {
        var both = PortOptions.defaults().withListenMultiple(true).withSharedPort(true);
        try (var reactor = Reactor.open(); var group = ReactorGroup.open(1)) {
            var e = assertThrows(IllegalArgumentException.class, () -> reactor.listenUdp(0, new Recorder(), both));
            assertEquals("a port is shared by listenMultiple or by sharedPort, not by both", e.getMessage());
            assertThrows(IllegalArgumentException.class, () -> group.listenUdp(0, i -> new Recorder(),
                    PortOptions.defaults().withListenMultiple(true)));
        }
    }
}
