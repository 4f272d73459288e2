package dev.salvo.socket;

import dev.salvo.bindings.Linux;

/**
 * When a datagram left: the answer to {@link SendOptions#transmitTimestamp}, SO_EE_ORIGIN_TIMESTAMPING of the kernel's
 * Documentation/networking/timestamping.rst. A datagram that is refused has none, and neither has one that a queue
 * drops behind the socket. The driver makes it, so it need not have come when the send returns, and those of two
 * datagrams may come in another order; a driver that does not make any exists too. Immutable.
 *
 * <p>They wait in the receive buffer, some 830 bytes each, so a send of many reads them off after every 64 messages;
 * {@link SocketStatistics#completionsDropped} counts what found 256 waiting.
 *
 * @param id the id that the datagram was given; the kernel's own number, counted from 0, of a datagram that was stamped
 *     since SO_TIMESTAMPING says so of all
 * @param kind at which point
 * @param softwareNanos nanoseconds since 1970 by the wall clock of the host; -1 if only the card told a time
 * @param hardwareNanos nanoseconds by the clock of the network card; -1 if it told none, as all do that are not asked
 *     with TX_HARDWARE of {@link dev.salvo.socket.option.Timestamping}
 */
public record TransmitTimestamp(int id, Kind kind, long softwareNanos, long hardwareNanos) implements Completion {

    /** The points on a datagram's way; the kernel's names without their prefix {@code SCM_TSTAMP_}. */
    public enum Kind {
        /** It is handed to the network interface, or was sent by it: the only one that is told unless more is set. */
        SND,
        /** It enters the queueing discipline; with TX_SCHED of SO_TIMESTAMPING, on the whole socket. */
        SCHED
    }

    private static final int FLAGS = Linux.SOF_TIMESTAMPING_SOFTWARE() | Linux.SOF_TIMESTAMPING_OPT_ID()
            | Linux.SOF_TIMESTAMPING_OPT_TSONLY();

    /**
     * Prepares a socket for {@link SendOptions#transmitTimestamp}: adds SOFTWARE, OPT_ID and OPT_TSONLY to its
     * {@link dev.salvo.socket.option.SocketOptions#TIMESTAMPING}, and leaves the other flags as they are, but for the
     * clock of BIND_PHC, which becomes 0. Nothing is stamped by that. A datagram that is received may then carry its
     * time, if another socket of the host asks for such.
     *
     * @param socket of the calling thread, in whose network namespace the kernel is asked
     * @throws SyscallException EINVAL if the kernel is older than Linux 6.13, and has no ids: found out with a socket
     *     of its own, and a message that is not sent; EMFILE
     */
    public static void enable(UdpSocket socket) throws SyscallException {
        TimestampProbe.requireIds(socket);
        socket.set(Metadata.TIMESTAMPING, socket.get(Metadata.TIMESTAMPING) | FLAGS);
    }
}
