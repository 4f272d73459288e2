package dev.salvo.protocol;

import dev.salvo.socket.TransmitTimestamp;
import dev.salvo.socket.UdpSocket;

/** Tells a port's protocol what its socket has read off the error queue: ICMP errors, and when datagrams left. */
final class PortErrors {

    /** Of each kind, as many as the socket keeps. */
    private static final int TURN_ERRORS = 256;

    private final UdpSocket socket;
    private final Connection connection;
    private final GuardedProtocol protocol;
    /** Whether the protocol hears of all, or only that its peer can't be reached. */
    private final boolean all;

    PortErrors(UdpSocket socket, Connection connection, GuardedProtocol protocol, boolean all) {
        this.socket = socket;
        this.connection = connection;
        this.protocol = protocol;
        this.all = all;
    }

    /** The errno that was pending on the socket; it is told where there is no error queue to tell more. */
    void pending(int errno) {
        var refusing = connection.refusing(errno);
        if (refusing != null) {
            protocol.connectionRefused(refusing);
        }
    }

    /**
     * Those that there are now: what writeNow brings meanwhile waits for the next turn, so that the loop goes on.
     *
     * @return whether there may be more to tell
     */
    boolean tell(UdpPort port) {
        var more = tellErrors(port);
        return port.isClosed() || tellTransmitted(port) || more;
    }

    private boolean tellErrors(UdpPort port) {
        var error = socket.nextError();
        for (int told = 1; error != null; told++) {
            if (all) {
                protocol.errorReceived(error);
            }
            // Asked afterwards: the protocol may have another peer by now.
            if (connection.isRefusal(error)) {
                protocol.connectionRefused(error.destination());
            }
            if (told == TURN_ERRORS || port.isClosed()) {
                return true;
            }
            error = socket.nextError();
        }
        return false;
    }

    private boolean tellTransmitted(UdpPort port) {
        var completion = socket.nextCompletion();
        for (int told = 1; completion != null; told++) {
            if (completion instanceof TransmitTimestamp timestamp) {
                protocol.transmitted(timestamp);
            }
            if (told == TURN_ERRORS || port.isClosed()) {
                return true;
            }
            completion = socket.nextCompletion();
        }
        return false;
    }
}
