package dev.salvo.protocol.internal.port;

import dev.salvo.protocol.CannotListenException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.internal.record.LimitedLog;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.poll.EpollPoller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The ports of one loop: the open ones, those that have written something, and the memory that they share. */
public final class Ports {

    private final PortHost host;
    private final EpollPoller poller;
    private final ReceiveBatch receiveBatch;
    private final BatchPool batches;
    private final Set<UdpPort> open = new LinkedHashSet<>();
    private List<UdpPort> listed = new ArrayList<>();
    private List<UdpPort> ending = new ArrayList<>();

    /** The loop owns the poller and the receive batch, and closes them. */
    public Ports(PortHost host, EpollPoller poller, ReceiveBatch receiveBatch) {
        this.host = host;
        this.poller = poller;
        this.receiveBatch = receiveBatch;
        this.batches = new BatchPool(this::flush, receiveBatch);
    }

    /** As {@code Reactor.listenUdp}. */
    public DatagramTransport listenUdp(int port, DatagramProtocol protocol, PortOptions options)
            throws CannotListenException {
        var address = AddressChecks.listening(options, port);
        try {
            return start(PortSocket.open(address, options), protocol, options);
        } catch (IOException e) {
            throw new CannotListenException(options.interfaceAddress(), port, e);
        }
    }

    /** As {@code Reactor.adoptDatagramPort}. */
    public DatagramTransport adopt(int descriptor, DatagramProtocol protocol, PortOptions options)
            throws IOException {
        return start(PortSocket.adopt(descriptor, options), protocol, options);
    }

    /** Opens a port on a socket; if that fails, the socket is closed. */
    public UdpPort start(PortSocket socket, DatagramProtocol protocol, PortOptions options) throws IOException {
        UdpPort port;
        try {
            port = new UdpPort(host, this, socket, protocol, options);
        } catch (Throwable t) {
            socket.close();
            throw t;
        }
        open.add(port);
        try {
            port.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("startProtocol threw an exception", e);
        }
        return port;
    }

    /** Ends the turn of this port before the next poll. */
    void list(UdpPort port) {
        listed.add(port);
    }

    /** Whether a port is listed, usually since it has written something that is not yet sent. */
    public boolean haveWritten() {
        return !listed.isEmpty();
    }

    /** Ends the turn of each listed port. Ports that the callbacks list have their turn ended before the next poll. */
    public void endTurn() {
        var ports = listed;
        listed = ending;
        ending = ports;
        for (int i = 0; i < ports.size(); i++) {
            ports.get(i).endListedTurn();
        }
        ports.clear();
    }

    /** Flushes what was written so far. Makes no callbacks, so the ports stay listed. */
    private void flush() {
        ending.forEach(UdpPort::flushUnlessBlocked);
        listed.forEach(UdpPort::flushUnlessBlocked);
    }

    public void closeAll() {
        for (var port : List.copyOf(open)) {
            try {
                port.close();
            } catch (RuntimeException e) {
                // The protocol may have closed the socket of its port. The other ports must be closed all the same.
                LimitedLog.always("closing " + port, e);
            }
        }
    }

    /** Frees the memory that the ports shared, after they are closed. */
    public void releaseBatches() {
        batches.close();
    }

    EpollPoller poller() {
        return poller;
    }

    ReceiveBatch receiveBatch() {
        return receiveBatch;
    }

    BatchPool batches() {
        return batches;
    }

    /** Removes a port that has closed itself. */
    void closed(UdpPort port) {
        open.remove(port);
    }
}
