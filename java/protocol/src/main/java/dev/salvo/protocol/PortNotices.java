package dev.salvo.protocol;

import dev.salvo.socket.TransmitTimestamp;
import dev.salvo.socket.UdpSocket;

/** Tells a port's protocol what its socket has read off the error queue: ICMP errors, and when datagrams left. */
final class PortNotices {

    /** Of each kind, as many as the socket keeps. */
    private static final int IN_A_ROW = 256;

    private final UdpPort port;
    private final UdpSocket socket;
    private final Connection connection;
    private final GuardedProtocol protocol;
    /** Whether the protocol asked for errors, beside those that a connected port is told. */
    private final boolean errors;

    PortNotices(UdpPort port, UdpSocket socket, Connection connection, GuardedProtocol protocol, boolean errors) {
        this.port = port;
        this.socket = socket;
        this.connection = connection;
        this.protocol = protocol;
        this.errors = errors;
    }

    /**
     * Those that there are now: what writeNow brings meanwhile waits for the next turn, so that the loop goes on.
     *
     * @return false if there may be more
     */
    boolean tell() {
        var all = tellErrors();
        return !port.isClosed() && tellTransmitted() && all;
    }

    private boolean tellErrors() {
        var error = socket.nextError();
        for (int told = 1; error != null; told++) {
            if (errors) {
                protocol.errorReceived(error);
            }
            // Asked afterwards: the protocol may have another peer by now.
            if (connection.isRefusal(error)) {
                protocol.connectionRefused(error.destination());
            }
            if (told == IN_A_ROW || port.isClosed()) {
                return false;
            }
            error = socket.nextError();
        }
        return true;
    }

    private boolean tellTransmitted() {
        var completion = socket.nextCompletion();
        for (int told = 1; completion != null; told++) {
            if (completion instanceof TransmitTimestamp timestamp) {
                protocol.transmitted(timestamp);
            }
            if (told == IN_A_ROW || port.isClosed()) {
                return false;
            }
            completion = socket.nextCompletion();
        }
        return true;
    }
}
