package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams of one receive call, which a {@link BatchProtocol} takes one after the other. A batch is valid until
 * batchReceived returns.
 */
public interface DatagramBatch {

    /**
     * Takes the next datagram.
     *
     * @return the next datagram, or null after the last one. It is always the same object, which shows the next
     * datagram from now on
     * @throws IllegalStateException if the batchReceived call that got this batch has returned
     */
    @Nullable
    Datagram next();
}
