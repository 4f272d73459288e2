package dev.salvo.bench;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.time.Duration;
import java.util.List;

/**
 * The loop that a user writes first: some writes, and on in the next turn, so that the reactor does its other work. To
 * several destinations the last write of a payload has it sent at once.
 */
final class SalvoSource implements DatagramProtocol {

    /** What the C peer gathers before it flushes (GATHERED_DATAGRAMS of source.c): more leave the nearer cache. */
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

    /** Ends what was begun before, since a flush within a payload would be one more: whether it could. */
    private boolean writeToEach(DatagramTransport transport) {
        var last = destinations.length - 1;
        for (; next < last; next++) {
            if (!transport.write(payload, destinations[next])) {
                return false;
            }
        }
        if (!(last > 0 ? transport.writeNow(payload, destinations[last]) : transport.write(payload, destinations[0]))) {
            return false;
        }
        next = 0;
        return true;
    }

    /** What the kernel took in the turns before. */
    private void count(DatagramTransport transport) {
        var sent = transport.statistics().socket();
        counter.done(sent.datagramsSent());
        counter.failed(sent.datagramsFailed());
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) {}
}
