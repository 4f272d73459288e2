package dev.salvo.socket;

import static dev.salvo.socket.ScriptedErrors.A;
import static dev.salvo.socket.ScriptedErrors.entry;
import static dev.salvo.socket.ScriptedErrors.join;
import static dev.salvo.socket.ScriptedErrors.offender;
import static dev.salvo.socket.ScriptedErrors.refused;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.sock_extended_err;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.TransmitTimestamp.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transmit timestamps as the kernel writes them, and entries that only resemble them. */
@Tag("fault")
class TimestampEntriesTest {

    private static final int TIMES = Linux.SOL_SOCKET();

    private static byte[] entryOf(int origin, int info, int data) {
        var error = ScriptedErrors.error(Linux.ENOMSG(), origin, 0, 0, info);
        ByteBuffer.wrap(error).order(ByteOrder.nativeOrder()).putInt((int) sock_extended_err.ee_data$offset(), data);
        return join(error, new byte[16]);
    }

    /** {@code struct scm_timestamping}: seconds and nanoseconds of the host's time and of the card's. */
    private static byte[] times(long seconds, long nanoseconds, long cardSeconds, long cardNanoseconds) {
        return ByteBuffer.allocate(48).order(ByteOrder.nativeOrder())
                .putLong(seconds).putLong(nanoseconds).putLong(0).putLong(0).putLong(cardSeconds).putLong(
                        cardNanoseconds)
                .array();
    }

    private static byte[] stamped(int kind, int id) {
        return entryOf(Linux.SO_EE_ORIGIN_TIMESTAMPING(), kind, id);
    }

    private static Incoming stamp(byte[] times, int kind, int id) {
        return Incoming.from(A, "")
                .control(TIMES, Linux.SCM_TIMESTAMPING(), times)
                .control(Linux.IPPROTO_IP(), Linux.IP_RECVERR(), stamped(kind, id));
    }

    /** A timestamp with valid times, in a control message that may be invalid otherwise. */
    private static Incoming stamp(int level, int type, byte[] entry) {
        return Incoming.from(A, "")
                .control(TIMES, Linux.SCM_TIMESTAMPING(), times(1, 2, 0, 0))
                .control(level, type, entry);
    }

    /** The completion of a send with MSG_ZEROCOPY. */
    private static Incoming zerocopy() {
        return Incoming.from(A, "").control(Linux.IPPROTO_IP(), Linux.IP_RECVERR(),
                entryOf(Linux.SO_EE_ORIGIN_ZEROCOPY(), 0, 1));
    }

    @Test
    void timesKindsAndIdsAreRead() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(
                    stamp(times(1, 2, 0, 0), 0, 7),
                    stamp(times(3_000_000_000L, 999_999_999, 0, 0), 1, -1),
                    stamp(times(0, 0, 5, 6), 0, 0),
                    stamp(times(1, 2, 3, 4), 0, 9));
            assertEquals(
                    List.of(
                            new TransmitTimestamp(7, Kind.SND, 1_000_000_002, -1),
                            new TransmitTimestamp(-1, Kind.SCHED, 3_000_000_000_999_999_999L, -1),
                            new TransmitTimestamp(0, Kind.SND, -1, 5_000_000_006L),
                            new TransmitTimestamp(9, Kind.SND, 1_000_000_002, 3_000_000_004L)),
                    Stamps.drain(errors.socket));
        }
    }

    /** The kernel writes no address for timestamps; it sets msg_namelen to 0. */
    @Test
    void anEntryWithoutAnAddressIsRead() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.kernel.next(Syscall.RECVMSG, call -> {
                var result = Answer.deliverOne(stamp(times(1, 2, 0, 0), 0, 7)).to(call);
                call.memory(1).set(JAVA_INT, Layouts.MSG_NAMELEN, 0);
                return result;
            });
            errors.socket.drainErrors();
            assertEquals(1, Stamps.drain(errors.socket).size());
        }
    }

    static Stream<Incoming> malformed() {
        return Stream.of(
                Incoming.from(A, "").control(TIMES, Linux.SCM_TIMESTAMPING(), times(1, 2, 0, 0)),
                Incoming.from(A, "").control(Linux.IPPROTO_IP(), Linux.IP_RECVERR(), stamped(0, 1)),
                stamp(times(0, 0, 0, 0), 0, 1),
                stamp(Arrays.copyOf(times(1, 2, 0, 0), 47), 0, 1),
                stamp(new byte[0], 0, 1),
                // A timestamp of TCP, and kinds of a later kernel.
                stamp(times(1, 2, 0, 0), Linux.SCM_TSTAMP_ACK(), 1),
                stamp(times(1, 2, 0, 0), 3, 1),
                stamp(times(1, 2, 0, 0), -1, 1),
                stamp(Linux.IPPROTO_IP(), Linux.IP_RECVERR(), Arrays.copyOf(stamped(0, 1), 31)),
                stamp(Linux.IPPROTO_IPV6(), Linux.IPV6_RECVERR(), stamped(0, 1)),
                stamp(TIMES, Linux.IP_RECVERR(), stamped(0, 1)),
                zerocopy());
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aMalformedTimestampIsCountedButNotReported(Incoming malformed) throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            // The preceding valid entry leaves its times and its bytes behind.
            errors.drain(stamp(times(1, 2, 3, 4), 0, 7), malformed, stamp(times(1, 2, 0, 0), 0, 8));
            assertEquals(
                    List.of(
                            new TransmitTimestamp(7, Kind.SND, 1_000_000_002, 3_000_000_004L),
                            new TransmitTimestamp(8, Kind.SND, 1_000_000_002, -1)),
                    Stamps.drain(errors.socket));
            assertEquals(List.of(), errors.drain());
            assertEquals(3, errors.socket.statistics().errorQueueEntries());
            assertEquals(0, errors.socket.statistics().timestampsDropped());
        }
    }

    @Test
    void icmpErrorsAmongTimestampsAreReported() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(
                    entry(A, refused(), offender()),
                    stamp(times(1, 2, 0, 0), 0, 1),
                    entry(A, refused(), offender()),
                    zerocopy(),
                    // An ICMP error of a socket that also reports times.
                    Incoming.from(A, "").control(TIMES, Linux.SCM_TIMESTAMPING(), times(1, 2, 0, 0))
                            .control(Linux.IPPROTO_IP(), Linux.IP_RECVERR(), join(refused(), offender())));
            assertEquals(3, errors.drain().size());
            assertEquals(1, Stamps.drain(errors.socket).size());
            assertEquals(3, errors.socket.statistics().icmpErrors());
        }
    }

    @Test
    void the256OldestTimestampsAreKeptAndTheOthersCounted() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            for (int i = 0; i < 300; i++) {
                errors.drain(stamp(times(1, 2, 0, 0), 0, i), entry(A, refused(), offender()));
            }
            assertEquals(44, errors.socket.statistics().timestampsDropped());
            assertEquals(44, errors.socket.statistics().icmpErrorsDropped());
            var stamps = Stamps.drain(errors.socket);
            assertEquals(256, stamps.size());
            assertEquals(new TransmitTimestamp(255, Kind.SND, 1_000_000_002, -1), stamps.getLast());
            assertEquals(Collections.nCopies(256, A), errors.drain().stream().map(SocketError::destination).toList());

            errors.drain(stamp(times(1, 2, 0, 0), 0, 300));
            assertEquals(1, Stamps.drain(errors.socket).size());
        }
    }
}
