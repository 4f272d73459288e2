package dev.salvo.protocol;

import dev.salvo.socket.EpollPoller;
import dev.salvo.socket.ReceiveBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A reactor's ports: which are open, which have written something, and the memory that they share. */
final class Ports {

    private final Reactor reactor;
    private final EpollPoller poller;
    private final ReceiveBatch receiveBatch;
    private final BatchPool batches;
    private final Set<UdpPort> open = new LinkedHashSet<>();
    private List<UdpPort> toFlush = new ArrayList<>();
    private List<UdpPort> beingFlushed = new ArrayList<>();
    private final AwayPorts away;

    /** The poller and the batch stay the reactor's, which closes them. */
    Ports(Reactor reactor, EpollPoller poller, ReceiveBatch receiveBatch) {
        this.reactor = reactor;
        this.poller = poller;
        this.receiveBatch = receiveBatch;
        this.away = new AwayPorts(reactor);
        this.batches = new BatchPool(this::sendWritten, receiveBatch);
    }

    /** See {@link Reactor#listenUdp(int, DatagramProtocol, PortOptions)}. */
    DatagramTransport listenUdp(int port, DatagramProtocol protocol, PortOptions options)
            throws CannotListenException {
        var address = Addresses.listening(options, port);
        try {
            return start(PortSocket.open(address, options), protocol, options);
        } catch (IOException e) {
            throw new CannotListenException(options.interfaceAddress(), port, e);
        }
    }

    /** See {@link Reactor#adoptDatagramPort(int, DatagramProtocol, PortOptions)}. */
    DatagramTransport adopt(int descriptor, DatagramProtocol protocol, PortOptions options) throws IOException {
        if (!options.interfaceAddress().isEmpty() || options.listenMultiple() || options.sharedPort()) {
            throw new IllegalArgumentException(
                    "an adopted socket is where it is: no interface, no listenMultiple, no sharedPort");
        }
        return start(PortSocket.adopt(descriptor, options), protocol, options);
    }

    /** Makes a port of a socket, or closes it. */
    UdpPort start(PortSocket socket, DatagramProtocol protocol, PortOptions options) throws IOException {
        UdpPort port;
        try {
            port = new UdpPort(reactor, socket, protocol, options);
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
            throw new IllegalStateException("startProtocol", e);
        }
        return port;
    }

    /** Whether a port has written something that no flush is to send as yet. */
    boolean haveWritten() {
        return !toFlush.isEmpty();
    }

    /**
     * What is written while ports are flushed waits for the next turn, which then does not wait. To be followed by
     * {@link #beforePoll}.
     */
    void flush() {
        var flushing = toFlush;
        toFlush = beingFlushed;
        beingFlushed = flushing;
        for (int i = 0; i < flushing.size(); i++) {
            flushing.get(i).flushListed();
        }
    }

    /** After each flush and before the poll, which is to wait so long, 0 for not at all: how long it may. */
    long beforePoll(long nanos) {
        var wait = away.prepare(nanos, beingFlushed);
        beingFlushed.clear();
        return wait;
    }

    /** Sends what is written so far and calls nobody back: the ports are still to be flushed. */
    private void sendWritten() {
        beingFlushed.forEach(UdpPort::send);
        toFlush.forEach(UdpPort::send);
    }

    void closeAll() {
        for (var port : List.copyOf(open)) {
            try {
                port.close();
            } catch (RuntimeException e) {
                // A protocol that closed the socket under its port, for instance; the others are closed all the same.
                reactor.logAlways("closing " + port, e);
            }
        }
    }

    /** Gives back the memory that is the ports' own. They are closed by then. */
    void releaseBatches() {
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

    /** Has a port flushed before the next poll. */
    void toFlush(UdpPort port) {
        toFlush.add(port);
    }

    /** Forgets a port, which has closed itself. */
    void closed(UdpPort port) {
        open.remove(port);
    }
}
