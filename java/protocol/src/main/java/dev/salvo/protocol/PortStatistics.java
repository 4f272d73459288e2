package dev.salvo.protocol;

import dev.salvo.socket.SocketStatistics;
import dev.salvo.socket.UdpSocket;

/**
 * What a port has done since it was opened.
 *
 * @param socket what its socket has done
 * @param datagramsQueued datagrams that were written and are not sent yet
 * @param datagramsRefused datagrams whose write returned false; a write with a segment size is several
 * @param datagramsOverflowed datagrams that were written and dropped from the full queue: see
 *     {@link Overflow#DROP_OLDEST}
 * @param datagramsDropped datagrams that were written and not sent when the port was closed
 * @param datagramsFromStrangers datagrams that a connected port dropped: they came from others than its peer, before it
 *     was connected
 * @param datagramsNotTaken datagrams that a {@link BatchProtocol} left
 * @param callbackFailures exceptions thrown by the protocol
 */
public record PortStatistics(
        SocketStatistics socket,
        long datagramsQueued,
        long datagramsRefused,
        long datagramsOverflowed,
        long datagramsDropped,
        long datagramsFromStrangers,
        long datagramsNotTaken,
        long callbackFailures) {

    static PortStatistics of(UdpSocket socket, SendQueue queue, PortReceiver receiver, GuardedProtocol protocol) {
        return new PortStatistics(
                socket.statistics(),
                queue.waitingDatagrams(),
                queue.refused(),
                queue.overflowed(),
                queue.dropped(),
                receiver.strangers(),
                receiver.notTaken(),
                protocol.failures());
    }
}
