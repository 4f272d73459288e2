package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import java.util.List;

/**
 * A protocol that gets all datagrams of one system call at once. It suits work that can be done once for many
 * datagrams: taking a lock, a transaction, a write to a file.
 *
 * {@snippet file = "dev/salvo/examples/BatchCollector.java" region = "batch"}
 *
 * <p>
 * Datagrams that the protocol has not taken when it returns or throws are dropped and counted
 * ({@link PortStatistics#datagramsNotTaken}).
 */
public interface BatchProtocol extends DatagramProtocol {

    /**
     * Called with the datagrams of one receive call.
     *
     * @param batch the datagrams; valid until this method returns. The batch is empty if the port is connected and all
     *     datagrams came from other addresses than the peer's
     * @param transport the port that received the datagrams
     * @throws Exception anything: it is logged
     */
    void batchReceived(DatagramBatch batch, DatagramTransport transport) throws Exception;

    /**
     * Passes one datagram to {@link #batchReceived} as a batch. The reactor does not call this method; it is for code
     * that calls a protocol itself, for instance a test.
     *
     * @param datagram the datagram
     * @param transport the port that received the datagram
     * @throws Exception an exception of {@link #batchReceived}
     */
    @Override
    default void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
        var one = List.of(datagram).iterator();
        batchReceived(() -> one.hasNext() ? one.next() : null, transport);
    }
}
