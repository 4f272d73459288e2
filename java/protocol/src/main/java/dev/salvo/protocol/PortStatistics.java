package dev.salvo.protocol;

import dev.salvo.socket.SocketStatistics;

/**
 * What a port has done since it was opened. Datagrams that still wait in the kernel when the port is closed are in no
 * counter: see {@link DatagramTransport#stopListening}.
 *
 * @param socket the statistics of the port's socket
 * @param datagramsQueued datagrams that were written and are not yet sent
 * @param datagramsRefused datagrams whose write returned false; a write with a segment size counts each of its
 *     datagrams
 * @param datagramsOverflowed datagrams that were written, and then dropped from the full send queue: see
 *     {@link PortOptions.Overflow#DROP_OLDEST}
 * @param datagramsDropped datagrams that were written, and not yet sent when the port was closed
 * @param datagramsFromStrangers datagrams that a connected port dropped because they came from other addresses than its
 *     peer; they had arrived before the port was connected
 * @param datagramsNotTaken datagrams that a {@link BatchProtocol} did not take
 * @param callbackFailures exceptions that the protocol's callbacks have thrown
 */
public record PortStatistics(
        SocketStatistics socket, long datagramsQueued, long datagramsRefused, long datagramsOverflowed,
        long datagramsDropped, long datagramsFromStrangers, long datagramsNotTaken, long callbackFailures) {
}
