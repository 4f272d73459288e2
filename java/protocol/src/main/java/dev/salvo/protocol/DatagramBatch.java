package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import org.jspecify.annotations.Nullable;

/**
 * The datagrams that came together, to be taken one after the other: what a {@link BatchProtocol} is called with. Valid
 * until the call returns.
 */
public interface DatagramBatch {

    /**
     * Takes the next datagram.
     *
     * @return always the same object, which shows another datagram from now on; null after the last one
     * @throws IllegalStateException if the call that this batch was given to has returned
     */
    @Nullable
    Datagram next();
}
