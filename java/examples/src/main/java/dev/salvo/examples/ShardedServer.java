package dev.salvo.examples;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.ReactorGroup;
import dev.salvo.reactor.Steering;
import dev.salvo.socket.Datagram;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the datagrams of each connection, on several threads that share nothing. The first byte of a datagram is the
 * connection's id. The kernel delivers all datagrams with the same id to the same thread, whatever their source.
 * Arguments: the port, and the number of threads.
 */
// @start region = "protocol"
final class ShardedServer implements DatagramProtocol {

    private final int member;
    private final Map<Integer, Integer> counts = new HashMap<>();

    ShardedServer(int member) {
        this.member = member;
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) {
        if (datagram.length() > 0) {
            var id = datagram.asByteBuffer().get(0) & 0xff;
            var count = counts.merge(id, 1, Integer::sum);
            transport.write(Text.bytes("member " + member + ", id " + id + ": " + count), datagram.source());
        }
    }
    // @end

    static void main(String[] arguments) throws IOException, InterruptedException {
        var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9999;
        var threads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4;
        var options = PortOptions.defaults().withInterface("127.0.0.1");
        // @start region = "run"
        try (var group = ReactorGroup.open(threads, Steering.payloadByte(0))) {
            var ports = group.listenUdp(port, ShardedServer::new, options);
            IO.println("listening on " + ports.getFirst().localAddress());
            group.awaitStop();
        }
        // @end
    }
}
