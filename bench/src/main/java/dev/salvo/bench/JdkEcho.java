package dev.salvo.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** The JDK's own: a non-blocking channel, a selector, one direct buffer, drained until receive gives null. */
final class JdkEcho {

    private JdkEcho() {}

    public static void main(String[] args) throws IOException {
        var bind = Bind.parse(args);
        try (var channel = DatagramChannel.open(bind.family());
                var selector = Selector.open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, Bind.RECEIVE_BUFFER);
            channel.bind(bind.address());
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            bind.announce(((InetSocketAddress) channel.getLocalAddress()).getPort());
            var buffer = ByteBuffer.allocateDirect(65_535);
            while (selector.select(key -> {}) >= 0) {
                drain(channel, buffer);
            }
        }
    }

    private static void drain(DatagramChannel channel, ByteBuffer buffer) throws IOException {
        buffer.clear();
        for (var source = channel.receive(buffer); source != null; source = channel.receive(buffer)) {
            buffer.flip();
            // 0 means that the kernel has no room at present: UDP may lose it, and the loss would be in the table.
            channel.send(buffer, source);
            buffer.clear();
        }
    }
}
