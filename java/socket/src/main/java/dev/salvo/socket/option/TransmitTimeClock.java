package dev.salvo.socket.option;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.sock_txtime;
import dev.salvo.kernel.Layouts;
import java.lang.foreign.MemorySegment;

/**
 * The value of SO_TXTIME: the clock of transmit times, and what the times mean. On a socket on which nothing was set it
 * reads as {@link #REALTIME} without flags.
 *
 * @param clock {@link #MONOTONIC}, which fq uses, {@link #TAI}, which etf uses, or {@link #REALTIME}
 * @param deadline whether the time is the latest at which a datagram may leave, if etf is in deadline mode; otherwise
 *     it is the time at which the datagram leaves
 * @param reportErrors whether the error queue reports a datagram that etf drops because its time is invalid or has
 *     passed. Salvo counts that entry in {@code errorQueueEntries} and discards it
 */
public record TransmitTimeClock(int clock, boolean deadline, boolean reportErrors) {

    /** CLOCK_REALTIME: the wall clock. */
    public static final int REALTIME = Linux.CLOCK_REALTIME();

    /**
     * CLOCK_MONOTONIC: the clock of System.nanoTime on Linux. It is the only clock that needs no capability, since
     * Linux 5.8.
     */
    public static final int MONOTONIC = Linux.CLOCK_MONOTONIC();

    /** CLOCK_TAI: international atomic time, without leap seconds. */
    public static final int TAI = Linux.CLOCK_TAI();

    static final SockOpt.Codec<TransmitTimeClock> CODEC = SockOpt.Codec.of(
            Layouts.SOCK_TXTIME, TransmitTimeClock::read, (memory, value) -> value.write(memory));

    private static TransmitTimeClock read(MemorySegment memory) {
        var flags = memory.get(JAVA_INT_UNALIGNED, sock_txtime.flags$offset());
        return new TransmitTimeClock(
                memory.get(JAVA_INT_UNALIGNED, sock_txtime.clockid$offset()),
                (flags & Linux.SOF_TXTIME_DEADLINE_MODE()) != 0,
                (flags & Linux.SOF_TXTIME_REPORT_ERRORS()) != 0);
    }

    private void write(MemorySegment memory) {
        var flags = (deadline ? Linux.SOF_TXTIME_DEADLINE_MODE() : 0)
                | (reportErrors ? Linux.SOF_TXTIME_REPORT_ERRORS() : 0);
        memory.set(JAVA_INT_UNALIGNED, sock_txtime.clockid$offset(), clock);
        memory.set(JAVA_INT_UNALIGNED, sock_txtime.flags$offset(), flags);
    }
}
