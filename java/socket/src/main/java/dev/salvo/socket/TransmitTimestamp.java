package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.ErrorEntry;
import dev.salvo.socket.internal.descriptor.TimestampProbe;

/**
 * When a datagram left, as {@link SendOptions#transmitTimestamp} asks for: SO_EE_ORIGIN_TIMESTAMPING of the kernel's
 * Documentation/networking/timestamping.rst. Immutable.
 *
 * <p>
 * A datagram that the kernel refuses has no timestamp, nor has one that a queue behind the socket drops. The network
 * driver takes the time. So the timestamp may arrive after the send has returned, and the timestamps of two datagrams
 * may arrive in the other order. Some drivers take no time at all.
 *
 * <p>
 * Each unread timestamp takes some 830 bytes of the receive buffer. For that reason a send of many messages reads the
 * timestamps after every 64 messages. {@link SocketStatistics#timestampsDropped} counts the timestamps that were
 * dropped because 256 were kept already.
 *
 * @param id the id that the datagram was given. A datagram without one, which was stamped because SO_TIMESTAMPING asks
 *     for the times of all datagrams, has the kernel's own number, counted from 0
 * @param kind the point at which the time was taken
 * @param softwareNanos nanoseconds since 1970 by the wall clock of the host; -1 if only the network card reported a
 *     time
 * @param hardwareNanos nanoseconds by the clock of the network card; -1 if it reported no time, as is always so without
 *     TX_HARDWARE of {@link dev.salvo.socket.option.Timestamping}
 */
public record TransmitTimestamp(int id, Kind kind, long softwareNanos, long hardwareNanos) {

    /**
     * The points on a datagram's way at which a time is taken. The names are the kernel's without their prefix {@code
     * SCM_TSTAMP_}.
     */
    public enum Kind {
        /**
         * The datagram is handed to the network interface, or was sent by it. By default, only this kind is reported.
         */
        SND,
        /**
         * The datagram enters the queueing discipline. Reported with TX_SCHED of SO_TIMESTAMPING, for the whole socket.
         */
        SCHED
    }

    private static final int FLAGS = Linux.SOF_TIMESTAMPING_SOFTWARE() | Linux.SOF_TIMESTAMPING_OPT_ID()
            | Linux.SOF_TIMESTAMPING_OPT_TSONLY();

    /**
     * Prepares a socket for {@link SendOptions#transmitTimestamp}: adds SOFTWARE, OPT_ID and OPT_TSONLY to its
     * {@link dev.salvo.socket.option.SocketLevelOptions#TIMESTAMPING}. The other flags stay as they are, except that
     * the clock of BIND_PHC becomes 0. This alone stamps no datagram that is sent. But a datagram that is received may
     * have its time from now on, if another socket of the host asks for receive times.
     *
     * @param socket a socket of the calling thread, in whose network namespace the kernel is asked
     * @throws SyscallException EINVAL if the kernel is older than Linux 6.13, which does not support ids; this is found
     *     out with a temporary socket and a message that is not sent. EMFILE if there are too many descriptors
     */
    public static void enable(UdpSocket socket) throws SyscallException {
        TimestampProbe.requireIds(socket.fileDescriptor().kernel(), socket.family());
        socket.set(TimestampProbe.FLAGS, socket.get(TimestampProbe.FLAGS) | FLAGS);
    }

    static TransmitTimestamp of(ErrorEntry entry) {
        return new TransmitTimestamp(entry.timestampId(), entry.isSent() ? Kind.SND : Kind.SCHED,
                entry.softwareNanos(), entry.hardwareNanos());
    }
}
