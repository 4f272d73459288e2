package dev.salvo.examples;

import dev.salvo.protocol.BatchProtocol;
import dev.salvo.protocol.DatagramBatch;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Appends the received datagrams to a file, usually with one write for each batch. A record is the length of the
 * payload as four bytes, big-endian, and the payload. Arguments: the file, the port, and the address to listen on.
 */
final class BatchCollector implements BatchProtocol {

    private final WritableByteChannel file;
    private final ByteBuffer records = ByteBuffer.allocateDirect(1 << 20);
    private final MemorySegment memory = MemorySegment.ofBuffer(records);

    BatchCollector(WritableByteChannel file) {
        this.file = file;
    }

    // @start region = "batch"
    @Override
    public void batchReceived(DatagramBatch batch, DatagramTransport transport) throws IOException {
        for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
            if (records.remaining() < Integer.BYTES + datagram.length()) {
                append();
            }
            records.putInt(datagram.length());
            MemorySegment.copy(datagram.segment(), ValueLayout.JAVA_BYTE, datagram.offset(), memory,
                    ValueLayout.JAVA_BYTE, records.position(), datagram.length());
            records.position(records.position() + datagram.length());
        }
        append();
    }
    // @end

    /** Records that cannot be written are lost, as datagrams may be. The reactor logs the exception. */
    private void append() throws IOException {
        records.flip();
        try {
            while (records.hasRemaining()) {
                file.write(records);
            }
        } finally {
            records.clear();
        }
    }

    static void main(String[] arguments) throws IOException {
        var path = Path.of(arguments.length > 0 ? arguments[0] : "datagrams.bin");
        var port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 9999;
        var address = arguments.length > 2 ? arguments[2] : "127.0.0.1";
        try (var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                var reactor = Reactor.open()) {
            var transport = reactor
                    .listenUdp(port, new BatchCollector(file), PortOptions.defaults().withInterface(address));
            IO.println("listening on " + transport.localAddress());
            reactor.run();
        }
    }
}
