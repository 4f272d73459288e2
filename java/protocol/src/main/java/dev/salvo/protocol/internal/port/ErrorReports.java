package dev.salvo.protocol.internal.port;

import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import dev.salvo.socket.UdpSocket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reports to a port's protocol what its socket has read from the error queue: ICMP errors and transmit timestamps. */
final class ErrorReports {

    /** The most of each kind that a turn reports: as many as the socket keeps. */
    private static final int TURN_ERRORS = 256;

    private final UdpSocket socket;
    private final Connection connection;
    private final GuardedProtocol protocol;
    /** Whether the protocol gets all errors, or only learns that its peer can't be reached. */
    private final boolean all;
    /** The peer about which an error was pending that may have no entry in the queue; null if there was none. */
    private @Nullable SockAddr refusing;

    ErrorReports(UdpSocket socket, Connection connection, GuardedProtocol protocol, boolean all) {
        this.socket = socket;
        this.connection = connection;
        this.protocol = protocol;
        this.all = all;
    }

    /** Handles the errno that was pending on the socket. It is reported only if no entry of the queue reports it. */
    void pending(int errno) {
        var peer = connection.refusing(errno);
        if (peer != null) {
            refusing = peer;
        }
    }

    /**
     * Reports the entries that are there now. Entries that a flush adds meanwhile are reported in the next turn, so
     * that the loop goes on.
     *
     * @return whether there may be more to report
     */
    boolean report(UdpPort port) {
        var more = reportErrors(port);
        var peer = refusing;
        if (peer != null && !port.isClosed()) {
            refusing = null;
            // Checked after the callbacks, one of which may have connected the port to another peer.
            if (Objects.equals(peer, connection.peer())) {
                protocol.connectionRefused(peer);
            }
        }
        return port.isClosed() || reportTransmitted(port) || more;
    }

    private boolean reportErrors(UdpPort port) {
        var error = socket.nextError();
        for (int reported = 1; error != null; reported++) {
            if (all) {
                protocol.errorReceived(error);
            }
            // Checked after the callback, which may have connected the port to another peer.
            if (isRefusal(error, port)) {
                refusing = null;
                protocol.connectionRefused(error.destination());
            }
            if (reported == TURN_ERRORS || port.isClosed()) {
                return true;
            }
            error = socket.nextError();
        }
        return false;
    }

    /** An entry that is not about the peer may be about one that another holder of the socket has connected it to. */
    private boolean isRefusal(SocketError error, UdpPort port) {
        return connection.isRefusal(error)
                || (connection.peer() != null && port.refreshPeer() && connection.isRefusal(error));
    }

    private boolean reportTransmitted(UdpPort port) {
        var timestamp = socket.nextTransmitTimestamp();
        for (int reported = 1; timestamp != null; reported++) {
            protocol.transmitted(timestamp);
            if (reported == TURN_ERRORS || port.isClosed()) {
                return true;
            }
            timestamp = socket.nextTransmitTimestamp();
        }
        return false;
    }
}
