package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.socket.internal.Syscall;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A loop that does one thing a turn and waits only when it is told to, over a kernel that follows a script. */
@SuppressWarnings("NullAway.Init")
abstract class BusyLoop {

    /** After which a port that still sends is taken out. */
    static final int TURNS = 16;

    static final int ENOSPC = 28;
    static final String IN = "add in";
    static final String OUT = "remove";

    FaultyReactor faulty;
    Peer peer;
    final Recorder recorder = new Recorder();
    /** Has the loop wait before the next phase. */
    final Call pause = () -> delay = Duration.ofMillis(20);

    private Duration delay = Duration.ZERO;
    private @Nullable Throwable thrown;

    /** Opens what the test needs, on its own thread. */
    DatagramTransport listen(DatagramProtocol protocol) throws Exception {
        faulty = new FaultyReactor();
        peer = Peer.open(Loopback.IPV4);
        return faulty.listen(protocol, Loopback.IPV4.options());
    }

    void phases(List<Call> phases) throws Exception {
        try {
            faulty.kernel.open(() -> {
                later(phases.iterator());
                Loop.run(faulty.reactor);
                return 0;
            });
        } finally {
            faulty.close();
            peer.close();
        }
        if (thrown != null) {
            throw new AssertionError(thrown);
        }
    }

    /** One phase a turn, as {@link Loop#phases} has them. */
    private void later(Iterator<Call> phases) {
        faulty.reactor.callLater(delay, () -> {
            try {
                delay = Duration.ZERO;
                phases.next().run();
                if (phases.hasNext()) {
                    later(phases);
                    return;
                }
            } catch (Throwable t) {
                thrown = t;
            }
            faulty.reactor.stop();
        });
    }

    static List<Call> sequence(List<Call> first, Call... rest) {
        return Stream.concat(first.stream(), Stream.of(rest)).toList();
    }

    Call write(DatagramTransport port) {
        return () -> port.write(new byte[]{'x'}, peer.address());
    }

    /** Does that in turns in which the port sends. */
    Call sending(DatagramTransport port, Call phase) {
        return () -> {
            write(port).run();
            phase.run();
        };
    }

    /** Has the port send until it is taken out. */
    List<Call> busy(DatagramTransport port, Call... rest) {
        var first = sequence(Collections.nCopies(TURNS, write(port)), sending(port, interests(IN, OUT)));
        return sequence(first, rest);
    }

    void atEachPoll(LongConsumer timeout) {
        faulty.kernel.always(Syscall.EPOLL_PWAIT2, call -> {
            timeout.accept(BusyPollTest.timeout(call.memory(3)));
            return call.passOn();
        });
    }

    Call interests(String... all) {
        return () -> assertEquals(List.of(all), faulty.epoll.interests);
    }

    Call expect(String... events) {
        return () -> assertEquals(List.of(events), recorder.events);
    }
}
