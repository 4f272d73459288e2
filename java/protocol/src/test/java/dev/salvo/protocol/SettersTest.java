package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.FaultyReactor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A setter of a port sends what was written before it, or refuses if the kernel does not accept that. */
@Tag("fault")
class SettersTest {

    enum Setter {
        TTL {
            @Override
            void set(DatagramTransport port) throws Exception {
                port.setTTL(7);
            }
        },
        LOOPBACK_MODE {
            @Override
            void set(DatagramTransport port) throws Exception {
                port.setLoopbackMode(false);
            }
        },
        OUTGOING_INTERFACE {
            @Override
            void set(DatagramTransport port) throws Exception {
                port.setOutgoingInterface("lo");
            }
        },
        BROADCAST {
            @Override
            void set(DatagramTransport port) throws Exception {
                port.setBroadcastAllowed(true);
            }
        };

        abstract void set(DatagramTransport port) throws Exception;
    }

    private static List<Syscall> sendsAndSets(FaultyReactor faulty) {
        return faulty.kernel.calls().stream().map(Call::name)
                .filter(name -> name == Syscall.SENDMMSG || name == Syscall.SETSOCKOPT).distinct().toList();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasWrittenIsSentBeforeTheOptionIsSet(Setter setter) throws Exception {
        try (var faulty = new FaultyReactor(); var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen(new Recorder(), Loopback.IPV4.options());
            faulty.phases(() -> {
                port.write(new byte[]{'a'}, peer.address());
                faulty.kernel.forget();
                setter.set(port);
                assertEquals(List.of(Syscall.SENDMMSG, Syscall.SETSOCKOPT), sendsAndSets(faulty));
                faulty.kernel.forget();
                setter.set(port);
                assertEquals(List.of(Syscall.SETSOCKOPT), sendsAndSets(faulty), "nothing was left to send");
            });
            assertEquals(List.of("a"), peer.received());
        }
    }

    /** What is received is answered out of the receive batch, which the answers that wait still point into. */
    @ParameterizedTest
    @EnumSource
    void anAnswerIsSentUnchangedBeforeTheOptionIsSetInACallback(Setter setter) throws Exception {
        try (var faulty = new FaultyReactor(); var peer = Peer.open(Loopback.IPV4)) {
            var port = faulty.listen((datagram, transport) -> {
                transport.write(datagram, datagram.source());
                if (Recorder.text(datagram).equals("b")) {
                    setter.set(transport);
                }
            }, Loopback.IPV4.options());
            peer.send(port, "a", "b", "c");
            faulty.turns(2);
            assertEquals(List.of("a", "b", "c"), peer.received());
            assertEquals(0, port.statistics().callbackFailures());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSetterRefusesWhileDatagramsCannotBeSentAndWritableSaysWhenToTryAgain(Setter setter) throws Exception {
        try (var faulty = new FaultyReactor(); var peer = Peer.open(Loopback.IPV4)) {
            var protocol = new Recorder();
            var port = faulty.listen(protocol, Loopback.IPV4.options());
            faulty.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EAGAIN), Answer.error(Errno.EAGAIN));
            faulty.phases(
                    () -> {
                        assertTrue(port.write(new byte[]{'a'}, peer.address()));
                        faulty.kernel.forget();
                        for (int i = 0; i < 2; i++) {
                            var refused = assertThrows(SyscallException.class, () -> setter.set(port));
                            assertEquals(Errno.EAGAIN, refused.errno());
                        }
                        assertEquals(List.of(Syscall.SENDMMSG), sendsAndSets(faulty));
                        assertTrue(port.write(new byte[]{'b'}, peer.address()));
                        assertEquals(List.of("start"), protocol.events);
                    },
                    faulty::tellWritable,
                    () -> {
                        assertEquals(List.of("start", "writable"), protocol.events);
                        setter.set(port);
                    },
                    () -> {});
            assertEquals(List.of("a", "b"), peer.received());
            assertEquals(List.of("start", "writable", "stop"), protocol.events);
        }
    }
}
