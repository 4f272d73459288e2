package dev.salvo.socket.option;

import dev.salvo.bindings.Linux;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The value of SO_TIMESTAMPING: a set of flags. The empty set switches it off.
 *
 * <p>
 * Some flags of the kernel are not among these: those for TCP only, one that needs a clock as well (BIND_PHC), and one
 * that is about the times of other sockets (OPT_RX_FILTER). If an adopted socket has them, reading ignores them; so
 * setting a value that was read switches them off.
 *
 * @param flags the flags; the set is copied, and the copy is unmodifiable
 */
public record Timestamping(Set<Flag> flags) {

    /** The flags. The names are the kernel's without their prefix {@code SOF_TIMESTAMPING_}. */
    public enum Flag {

        /**
         * Takes the time at which the network card sends, if the card has a clock and its timestamping is switched on.
         */
        TX_HARDWARE(Linux.SOF_TIMESTAMPING_TX_HARDWARE()),

        /** Takes the time at which a datagram is handed to the driver. */
        TX_SOFTWARE(Linux.SOF_TIMESTAMPING_TX_SOFTWARE()),

        /** Takes the time at which the network card receives a datagram. */
        RX_HARDWARE(Linux.SOF_TIMESTAMPING_RX_HARDWARE()),

        /** Takes the time at which a datagram reaches the network stack. */
        RX_SOFTWARE(Linux.SOF_TIMESTAMPING_RX_SOFTWARE()),

        /** Reports the times that the host takes; without it they are not reported. */
        SOFTWARE(Linux.SOF_TIMESTAMPING_SOFTWARE()),

        /** Has no effect in current kernels. */
        SYS_HARDWARE(Linux.SOF_TIMESTAMPING_SYS_HARDWARE()),

        /** Reports the times that the network card takes; without it they are not reported. */
        RAW_HARDWARE(Linux.SOF_TIMESTAMPING_RAW_HARDWARE()),

        /** Numbers the datagrams that are sent, from 0, in {@code ee_data} of the entries in the error queue. */
        OPT_ID(Linux.SOF_TIMESTAMPING_OPT_ID()),

        /** Takes the time at which a datagram enters the queueing discipline. */
        TX_SCHED(Linux.SOF_TIMESTAMPING_TX_SCHED()),

        /** Reports the interface with the times of datagrams that are sent over IPv4, as PKTINFO does. */
        OPT_CMSG(Linux.SOF_TIMESTAMPING_OPT_CMSG()),

        /** Leaves out the payload of a sent datagram when the error queue reports its times. */
        OPT_TSONLY(Linux.SOF_TIMESTAMPING_OPT_TSONLY()),

        /** Reports the receiving interface and the length together with the times of the network card. */
        OPT_PKTINFO(Linux.SOF_TIMESTAMPING_OPT_PKTINFO()),

        /**
         * Takes both times of a datagram that is sent, the host's and the card's; without it only the card's is taken.
         */
        OPT_TX_SWHW(Linux.SOF_TIMESTAMPING_OPT_TX_SWHW());

        private final int bit;

        Flag(int bit) {
            this.bit = bit;
        }
    }

    static final SockOpt.Codec<Timestamping> CODEC = SockOpt.codec(Timestamping::of,
            value -> value.flags.stream().mapToInt(flag -> flag.bit).sum());

    /** Creates a set of flags. */
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
        return new Timestamping(Set.copyOf(List.of(flags)));
    }

    private static Timestamping of(int bits) {
        var flags = EnumSet.allOf(Flag.class);
        flags.removeIf(flag -> (bits & flag.bit) == 0);
        return new Timestamping(flags);
    }
}
