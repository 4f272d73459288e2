package dev.salvo.protocol;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.LinuxExtras;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.poll.Readiness;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Cases that Twisted does not test and handles differently, with observed or scripted system calls. */
@Tag("fault")
class NotInTwistedFaultTest {

    private static DatagramTransport open(FaultyReactor faulty, PortSource source, Loopback family, Recorder protocol)
            throws Exception {
        return faulty.kernel.open(() -> source.open(faulty.reactor, family, protocol));
    }

    /** Twisted raises the error, and the datagram is lost. */
    @EveryWay
    void aBlockedWriteIsSentLater(PortSource source, Loopback family) throws Exception {
        try (var faulty = new FaultyReactor(); var peer = Peer.open(family)) {
            var port = open(faulty, source, family, new Recorder());
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    () -> {
                        assertTrue(port.write(new byte[]{'a'}, peer.address()));
                        assertTrue(port.write(new byte[]{'b', 'b'}, peer.address()));
                    },
                    () -> {
                        assertEquals(2, port.statistics().datagramsQueued());
                        assertEquals(List.of(), peer.received());
                        faulty.tellWritable();
                    },
                    () -> {
                        assertEquals(List.of("a", "bb"), peer.received());
                        assertEquals(List.of("add in", "modify in out", "modify in"), faulty.epoll.interests);
                    });
            assertEquals(1, port.statistics().socket().sendsBlocked());
        }
    }

    /** Twisted's epoll reactor takes the event for a hang-up and closes the port: its issue 5377. */
    @EveryWay
    void anErrorWithoutDataIsARefusalAndNotAHangUp(PortSource source, Loopback family) throws Exception {
        var protocol = new Recorder() {
            @Override
            public void connectionRefused(SockAddr destination, DatagramTransport transport) {
                events.add("refused by " + destination);
            }
        };
        var reported = new ArrayList<Integer>();
        try (var log = CapturedLog.open(); var faulty = new FaultyReactor()) {
            faulty.kernel.always(Syscall.EPOLL_PWAIT2, call -> {
                var count = call.passOn();
                for (int i = 0; i < count; i++) {
                    reported.add(call.memory(1).get(
                            JAVA_INT_UNALIGNED,
                            (long) i * LinuxExtras.EPOLL_EVENT_SIZE + LinuxExtras.EPOLL_EVENT_EVENTS));
                }
                return count;
            });
            SockAddr dead;
            try (var gone = Peer.open(family)) {
                dead = gone.address();
            }
            var port = open(faulty, source, family, protocol);
            port.connect(dead);
            faulty.phases(
                    () -> {
                        port.write(new byte[1]);
                        port.flush();
                    },
                    () -> {
                        assertEquals(List.of(Readiness.ERROR), reported);
                        assertEquals(List.of("start", "refused by " + dead), protocol.events);
                        try (var appeared = Peer.open(dead)) {
                            appeared.send(port, "hello");
                        }
                    });
            assertEquals(List.of("start", "refused by " + dead, "hello", "stop"), protocol.events);
            assertEquals(List.of(), log.lines());
        }
    }
}
