package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import java.util.List;

/**
 * A protocol that is handed all the datagrams of one system call at once: for work that is done once for many, a lock
 * taken, a transaction, a write to a file:
 *
 * {@snippet file = "dev/salvo/examples/BatchCollector.java" region = "batch"}
 *
 * <p>Datagrams that it doesn't take, because it returns or throws before, are dropped and counted
 * ({@link PortStatistics#datagramsNotTaken}).
 */
public interface BatchProtocol extends DatagramProtocol {

    /**
     * Datagrams have come.
     *
     * @param batch what one receive call brought; valid until this returns. Empty if the port is connected and all came
     *     from others
     * @param transport where they came in
     * @throws Exception anything: it is logged
     */
    void batchReceived(DatagramBatch batch, DatagramTransport transport) throws Exception;

    /**
     * Not called by the reactor, which calls {@link #batchReceived}; for those who call a protocol themselves.
     *
     * @param datagram the one datagram of a batch
     * @param transport where it came in
     * @throws Exception what {@link #batchReceived} throws
     */
    @Override
    default void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
        var one = List.of(datagram).iterator();
        batchReceived(() -> one.hasNext() ? one.next() : null, transport);
    }
}
