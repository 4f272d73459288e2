package dev.salvo.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;

/** The code that both JDK peers share. */
final class JdkChannels {

    private JdkChannels() {}

    static DatagramChannel open(Endpoint bind) throws IOException {
        return DatagramChannel.open(bind.family())
                .setOption(StandardSocketOptions.SO_RCVBUF, Peer.RECEIVE_BUFFER)
                .bind(bind.address());
    }

    static int port(DatagramChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** Sends in a loop over a blocking channel with one direct buffer: the peer has nothing else to do. */
    static void source(List<Endpoint> destinations, int size, Counter counter) throws IOException {
        var addresses = destinations.stream().map(Endpoint::address).toArray(InetSocketAddress[]::new);
        var payload = ByteBuffer.allocateDirect(size);
        try (var channel = DatagramChannel.open(destinations.getFirst().family())) {
            Arguments.announceSending(destinations);
            long sent = 0;
            long failed = 0;
            for (int next = 0;; next = next + 1 < addresses.length ? next + 1 : 0) {
                try {
                    channel.send(payload.clear(), addresses[next]);
                    sent++;
                } catch (IOException e) {
                    counter.failed(++failed);
                }
                if (sent % Counter.STRIDE == 0) {
                    counter.done(sent);
                }
            }
        }
    }
}
