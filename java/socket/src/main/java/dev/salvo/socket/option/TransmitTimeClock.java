package dev.salvo.socket.option;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.sock_txtime;
import java.lang.foreign.MemorySegment;

/**
 * The value of SO_TXTIME: the clock of transmit times, and what they mean. A socket on which nothing was set reads as
 * {@link #REALTIME} without flags.
 *
 * @param clock {@link #MONOTONIC}, which fq takes, {@link #TAI}, which etf takes, or {@link #REALTIME}
 * @param deadline whether the time is the latest at which a datagram may leave, where etf is in that mode, and not that
 *     at which it is to leave
 * @param reportErrors whether a datagram that etf drops, since its time is invalid or has passed, is told on the error
 *     queue, where Salvo counts it as one of {@code errorQueueEntries} and throws it away
 */
public record TransmitTimeClock(int clock, boolean deadline, boolean reportErrors) {

    /** CLOCK_REALTIME: the wall clock. */
    public static final int REALTIME = Linux.CLOCK_REALTIME();

    /**
     * CLOCK_MONOTONIC: what System.nanoTime counts on Linux. The one clock that needs no capability, from Linux 5.8 on.
     */
    public static final int MONOTONIC = Linux.CLOCK_MONOTONIC();

    /** CLOCK_TAI: international atomic time, without leap seconds. */
    public static final int TAI = Linux.CLOCK_TAI();

    static final SockOpt.Codec<TransmitTimeClock> CODEC = new SockOpt.Codec<>() {
        @Override
        public int size() {
            return (int) sock_txtime.sizeof();
        }

        @Override
        public TransmitTimeClock read(MemorySegment memory, int length) {
            var flags = memory.get(JAVA_INT_UNALIGNED, sock_txtime.flags$offset());
            return new TransmitTimeClock(
                    memory.get(JAVA_INT_UNALIGNED, sock_txtime.clockid$offset()),
                    (flags & Linux.SOF_TXTIME_DEADLINE_MODE()) != 0,
                    (flags & Linux.SOF_TXTIME_REPORT_ERRORS()) != 0);
        }

        @Override
        public int write(MemorySegment memory, TransmitTimeClock value) {
            var flags = (value.deadline ? Linux.SOF_TXTIME_DEADLINE_MODE() : 0)
                    | (value.reportErrors ? Linux.SOF_TXTIME_REPORT_ERRORS() : 0);
            memory.set(JAVA_INT_UNALIGNED, sock_txtime.clockid$offset(), value.clock);
            memory.set(JAVA_INT_UNALIGNED, sock_txtime.flags$offset(), flags);
            return size();
        }
    };
}
