package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.FaultyReactor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A queued datagram to the peer has no address of its own: it must not go to the next peer. */
@Tag("fault")
class ReconnectBlockedTest {

    @ParameterizedTest
    @EnumSource
    void aQueuedDatagramGoesToThePeerItWasWrittenTo(Loopback family) throws Exception {
        try (var faulty = new FaultyReactor(); var first = Peer.open(family); var second = Peer.open(family)) {
            var protocol = new Recorder();
            var port = faulty.listen(protocol, family.options());
            port.connect(first.address());
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    () -> port.write(new byte[]{'1'}),
                    () -> {
                        var refused = assertThrows(SyscallException.class, () -> port.connect(second.address()));
                        assertEquals(Errno.EAGAIN, refused.errno());
                        assertThrows(SyscallException.class, port::disconnect);
                        assertEquals(first.address(), port.peerAddress());
                        port.write(new byte[]{'2'});
                    },
                    faulty::tellWritable,
                    () -> {
                        port.connect(second.address());
                        port.write(new byte[]{'3'});
                    });
            assertEquals(List.of("1", "2"), first.received());
            assertEquals(List.of("start", "writable", "stop"), protocol.events);
            assertEquals(List.of("3"), second.received());
        }
    }

    /** A datagram that was written before the connect has an address of its own. */
    @ParameterizedTest
    @EnumSource
    void aQueuedDatagramOfAnUnconnectedPortGoesToItsAddress(Loopback family) throws Exception {
        try (var faulty = new FaultyReactor(); var first = Peer.open(family); var second = Peer.open(family)) {
            var port = faulty.listen(new Recorder(), family.options());
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN));
            faulty.phases(
                    () -> port.write(new byte[]{'1'}, first.address()),
                    () -> {
                        port.connect(second.address());
                        assertThrows(
                                InvalidAddressException.class, () -> port.write(new byte[]{'x'}, first.address()));
                        port.write(new byte[]{'2'});
                    },
                    faulty::tellWritable,
                    () -> {});
            assertEquals(List.of("1"), first.received());
            assertEquals(List.of("2"), second.received());
        }
    }
}
