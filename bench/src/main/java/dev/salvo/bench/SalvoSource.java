package dev.salvo.bench;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.time.Duration;
import java.util.List;

/**
 * The simplest source: it writes some datagrams and continues in the next turn, so that the reactor can do its other
 * work. With several destinations it flushes after the last write of each payload.
 */
final class SalvoSource implements DatagramProtocol {

    /**
     * As many as the C peer gathers before it flushes (GATHERED_DATAGRAMS in source.c). More would exceed the cache.
     */
    private static final int WRITES_A_TURN = 4096;

    private final Reactor reactor;
    private final SockAddr[] destinations;
    private final byte[] payload;
    private final Counter counter;
    private int next;

    SalvoSource(Reactor reactor, List<Endpoint> destinations, byte[] payload, Counter counter) {
        this.reactor = reactor;
        this.destinations = destinations.stream()
                .map(destination -> SockAddr.of(destination.host(), destination.port()))
                .toArray(SockAddr[]::new);
        this.payload = payload;
        this.counter = counter;
    }

    @Override
    public void startProtocol(DatagramTransport transport) {
        reactor.callLater(Duration.ZERO, () -> writeSome(transport));
    }

    @Override
    public void writable(DatagramTransport transport) {
        writeSome(transport);
    }

    private void writeSome(DatagramTransport transport) {
        count(transport);
        for (int i = 0; i < WRITES_A_TURN; i += destinations.length) {
            if (!writeToEach(transport)) {
                return;
            }
        }
        reactor.callLater(Duration.ZERO, () -> writeSome(transport));
    }

    /**
     * Writes the payload to each destination that has not yet got it. Returns false if the transport refused a write;
     * the next call then continues with that destination. There is one flush for each payload, and none in the middle.
     */
    private boolean writeToEach(DatagramTransport transport) {
        for (; next < destinations.length; next++) {
            if (!transport.write(payload, destinations[next])) {
                return false;
            }
        }
        if (destinations.length > 1) {
            transport.flush();
        }
        next = 0;
        return true;
    }

    /** Publishes how many datagrams the kernel accepted in the previous turns. */
    private void count(DatagramTransport transport) {
        var sent = transport.statistics().socket();
        counter.done(sent.datagramsSent());
        counter.failed(sent.datagramsFailed());
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) {}
}
