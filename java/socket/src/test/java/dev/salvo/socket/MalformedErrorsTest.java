package dev.salvo.socket;

import static dev.salvo.socket.ScriptedErrors.A;
import static dev.salvo.socket.ScriptedErrors.A6;
import static dev.salvo.socket.ScriptedErrors.entry;
import static dev.salvo.socket.ScriptedErrors.join;
import static dev.salvo.socket.ScriptedErrors.offender;
import static dev.salvo.socket.ScriptedErrors.refused;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.SyscallException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An entry that is truncated or invalid is counted and not reported, and nothing beyond it is read. */
@Tag("fault")
class MalformedErrorsTest {

    private static final byte[] WHOLE = join(refused(), offender());

    private static Incoming of(int level, int type, byte[] data) {
        return Incoming.from(A, "").control(level, type, data);
    }

    static Stream<Incoming> malformed() {
        return Stream.of(
                Incoming.from(A, ""),
                Incoming.from(A, "").control(new byte[7]),
                Incoming.from(A, "").control(new byte[64]),
                of(Linux.IPPROTO_IP(), Linux.IP_RECVERR(), new byte[0]),
                of(Linux.IPPROTO_IP(), Linux.IP_RECVERR(), refused()),
                of(Linux.IPPROTO_IP(), Linux.IP_RECVERR(), Arrays.copyOf(WHOLE, 31)),
                // An IPv6 entry needs a longer offender address.
                of(Linux.IPPROTO_IPV6(), Linux.IPV6_RECVERR(), WHOLE),
                of(Linux.IPPROTO_IP(), Linux.IP_TTL(), WHOLE),
                of(Linux.SOL_SOCKET(), Linux.IP_RECVERR(), WHOLE),
                of(Linux.IPPROTO_IPV6(), Linux.IP_RECVERR(), WHOLE));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedEntryIsCountedButNotReported(Incoming malformed) throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            // The preceding valid entry leaves its bytes in the buffer that both are read from.
            errors.drain(entry(A6, WHOLE));
            assertEquals(1, errors.drain().size());

            errors.drain(malformed, entry(A6, WHOLE));

            assertEquals(List.of(A6), errors.drain().stream().map(SocketError::destination).toList());
            assertEquals(3, errors.socket.statistics().errorQueueEntries());
            assertEquals(2, errors.socket.statistics().icmpErrors());
        }
    }

    /** Destinations: nothing, half an address, an address too short for its family. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 27})
    void anIncompleteDestinationIsNull(int length) throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.kernel.next(Syscall.RECVMSG, call -> {
                var result = Answer.deliverOne(entry(A6, WHOLE)).to(call);
                call.memory(1).set(JAVA_INT, Layouts.MSG_NAMELEN, length);
                return result;
            });
            errors.socket.drainErrors();

            assertEquals(List.of(), errors.drain());
            assertEquals(1, errors.socket.statistics().errorQueueEntries());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, 513, Long.MAX_VALUE})
    void invalidLengthsReadNothingBeyondTheBuffer(long length) throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.kernel.next(Syscall.RECVMSG, call -> {
                var result = Answer.deliverOne(of(Linux.SOL_SOCKET(), 1, new byte[496])).to(call);
                call.memory(1).set(JAVA_LONG, Layouts.MSG_CONTROLLEN, length);
                return result;
            });
            errors.socket.drainErrors();

            assertEquals(List.of(), errors.drain());
        }
    }

    @Test
    void anErrorBehindOtherControlMessagesIsFound() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(of(Linux.SOL_SOCKET(), Linux.SO_TIMESTAMPNS(), new byte[16])
                    .control(Linux.IPPROTO_IP(), Linux.IP_TTL(), new byte[4])
                    .control(Linux.IPPROTO_IP(), Linux.IP_TOS(), new byte[1])
                    .control(Linux.IPPROTO_IP(), Linux.IP_RECVERR(), WHOLE));

            assertEquals(1, errors.drain().size());
        }
    }

    @Test
    void controlMessagesThatDidNotFitAreCounted() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(of(Linux.SOL_SOCKET(), 1, new byte[600]));

            assertEquals(1, errors.socket.statistics().controlTruncated());
            assertEquals(List.of(), errors.drain());
        }
    }

    @Test
    void randomBytesAreAtMostOneError() throws SyscallException {
        var random = new SplittableRandom(11);
        try (var errors = new ScriptedErrors()) {
            for (int i = 0; i < 20_000; i++) {
                var bytes = join(
                        Incoming.from(A, "").control(0, 11, WHOLE).control().getBytes(StandardCharsets.ISO_8859_1));
                var control = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                for (int flips = random.nextInt(4); flips > 0 && control.length > 0; flips--) {
                    control[random.nextInt(control.length)] = (byte) random.nextInt();
                }
                errors.drain(Incoming.from(i % 2 == 0 ? A : A6, "").control(control));
                assertTrue(errors.drain().size() <= 1);
            }
            assertEquals(20_000, errors.socket.statistics().errorQueueEntries());
        }
    }
}
