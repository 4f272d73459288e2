package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The value of SO_TIMESTAMPING, a set of flags; none switches it off. Flags of the kernel that concern TCP alone, a
 * clock that must be named too (BIND_PHC), or the times of others (OPT_RX_FILTER), are not among them. They are passed
 * over where an adopted socket has them, so that setting what was read takes them away.
 *
 * @param flags the flags; the set is copied, and cannot be changed
 */
public record Timestamping(Set<Flag> flags) {

    /** The kernel's names without their prefix {@code SOF_TIMESTAMPING_}. */
    public enum Flag {

        /** Takes the time at which the network card sends, where it has a clock and that was switched on. */
        TX_HARDWARE(Linux.SOF_TIMESTAMPING_TX_HARDWARE()),

        /** Takes the time at which a datagram is handed to the driver. */
        TX_SOFTWARE(Linux.SOF_TIMESTAMPING_TX_SOFTWARE()),

        /** Takes the time at which the network card received. */
        RX_HARDWARE(Linux.SOF_TIMESTAMPING_RX_HARDWARE()),

        /** Takes the time at which a datagram reached the network stack. */
        RX_SOFTWARE(Linux.SOF_TIMESTAMPING_RX_SOFTWARE()),

        /** Tells the times that the host took: without it they are not told. */
        SOFTWARE(Linux.SOF_TIMESTAMPING_SOFTWARE()),

        /** Does nothing in the kernels of today. */
        SYS_HARDWARE(Linux.SOF_TIMESTAMPING_SYS_HARDWARE()),

        /** Tells the times that the network card took: without it they are not told. */
        RAW_HARDWARE(Linux.SOF_TIMESTAMPING_RAW_HARDWARE()),

        /** Numbers the datagrams sent, from 0, in {@code ee_data} of what comes on the error queue. */
        OPT_ID(Linux.SOF_TIMESTAMPING_OPT_ID()),

        /** Takes the time at which a datagram enters the queueing discipline. */
        TX_SCHED(Linux.SOF_TIMESTAMPING_TX_SCHED()),

        /** Tells the interface with the times of what was sent over IPv4, as PKTINFO. */
        OPT_CMSG(Linux.SOF_TIMESTAMPING_OPT_CMSG()),

        /** Has the error queue give the times of what was sent without its payload. */
        OPT_TSONLY(Linux.SOF_TIMESTAMPING_OPT_TSONLY()),

        /** Tells the interface that received, and the length, with the times of the network card. */
        OPT_PKTINFO(Linux.SOF_TIMESTAMPING_OPT_PKTINFO()),

        /** Takes both times of a datagram that is sent, the host's and the card's; else the card's alone. */
        OPT_TX_SWHW(Linux.SOF_TIMESTAMPING_OPT_TX_SWHW());

        private final int bit;

        Flag(int bit) {
            this.bit = bit;
        }
    }

    static final SockOpt.Codec<Timestamping> CODEC = new SockOpt.Codec<>() {
        @Override
        public int size() {
            return Integer.BYTES;
        }

        @Override
        public Timestamping read(MemorySegment memory, int length) {
            var bits = SockOpt.INT.read(memory, length);
            var flags = EnumSet.allOf(Flag.class);
            flags.removeIf(flag -> (bits & flag.bit) == 0);
            return new Timestamping(flags);
        }

        @Override
        public int write(MemorySegment memory, Timestamping value) {
            return SockOpt.INT.write(memory, value.flags.stream().mapToInt(flag -> flag.bit).sum());
        }
    };

    /** A set of flags. */
    public Timestamping {
        flags = Set.copyOf(flags);
    }

    /**
     * A set of flags.
     *
     * @param flags the flags
     * @return the value
     */
    public static Timestamping of(Flag... flags) {
        var set = EnumSet.noneOf(Flag.class);
        set.addAll(List.of(flags));
        return new Timestamping(set);
    }
}
