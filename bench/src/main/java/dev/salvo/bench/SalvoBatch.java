package dev.salvo.bench;

import dev.salvo.protocol.BatchProtocol;
import dev.salvo.protocol.DatagramBatch;
import dev.salvo.protocol.DatagramTransport;
import java.io.IOException;

/** The protocol layer with one callback for each received batch. It sends as {@link SalvoProtocol} does. */
final class SalvoBatch extends SalvoProtocol {

    SalvoBatch(SalvoOptions options) {
        super(options);
    }

    @Override
    public void echo(Endpoint bind) throws IOException {
        BatchProtocol echo = (batch, transport) -> {
            for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
                transport.write(datagram, datagram.source());
            }
        };
        serve(bind, echo);
    }

    @Override
    public void sink(Endpoint bind, Counter counter) throws IOException {
        serve(bind, new Sink(counter));
    }

    private static final class Sink implements BatchProtocol {

        private final Counter counter;
        private long received;

        Sink(Counter counter) {
            this.counter = counter;
        }

        @Override
        public void batchReceived(DatagramBatch batch, DatagramTransport transport) {
            while (batch.next() != null) {
                received++;
            }
            counter.done(received);
        }
    }
}
