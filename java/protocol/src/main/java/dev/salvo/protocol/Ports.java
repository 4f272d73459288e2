package dev.salvo.protocol;

import dev.salvo.socket.EpollPoller;
import dev.salvo.socket.ReceiveBatch;
import java.io.IOException;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A reactor's ports: which are open, which have written something, and the memory that they share. */
final class Ports {

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    private final Reactor reactor;
    private final EpollPoller poller;
    private final ReceiveBatch receiveBatch;
    private final BatchPool batches = new BatchPool(this::sendWritten);
    private final Set<UdpPort> open = new LinkedHashSet<>();
    private List<UdpPort> toFlush = new ArrayList<>();
    private List<UdpPort> beingFlushed = new ArrayList<>();

    /** The poller and the batch stay the reactor's, which closes them. */
    Ports(Reactor reactor, EpollPoller poller, ReceiveBatch receiveBatch) {
        this.reactor = reactor;
        this.poller = poller;
        this.receiveBatch = receiveBatch;
    }

    /** See {@link Reactor#listenUdp(int, DatagramProtocol, PortOptions)}. */
    DatagramTransport listenUdp(int port, DatagramProtocol protocol, PortOptions options)
            throws CannotListenException {
        var address = PortSocket.localAddress(options.interfaceAddress(), port);
        try {
            var opened = new UdpPort(reactor, PortSocket.open(address, options.coalescing()), protocol, options);
            open.add(opened);
            LOG.log(Logger.Level.DEBUG, () -> protocol.getClass().getName() + " starting on " + opened.localAddress());
            opened.start();
            return opened;
        } catch (IOException e) {
            throw new CannotListenException(options.interfaceAddress(), port, e);
        } catch (Exception e) {
            throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException("startProtocol", e);
        }
    }

    /** Whether a port has written something that no flush is to send as yet. */
    boolean haveWritten() {
        return !toFlush.isEmpty();
    }

    /** What is written while ports are flushed waits for the next turn, which then does not wait. */
    void flush() {
        var flushing = toFlush;
        toFlush = beingFlushed;
        beingFlushed = flushing;
        for (int i = 0; i < flushing.size(); i++) {
            flushing.get(i).flushListed();
        }
        flushing.clear();
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
                reactor.log("closing " + port, e);
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
