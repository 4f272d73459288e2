package dev.salvo.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Channels on loopback, and text as payloads. */
final class Loop {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private Loop() {}

    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    static DatagramChannel bound(SalvoProvider provider) throws IOException {
        return provider.openDatagramChannel().bind(ANY_PORT);
    }

    /** A channel of the JDK, which runs these tests without a property of its own. */
    static DatagramChannel peer() throws IOException {
        return DatagramChannel.open().bind(ANY_PORT);
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static void send(DatagramChannel from, DatagramChannel to, String... texts) throws IOException {
        for (var text : texts) {
            from.send(bytes(text), to.getLocalAddress());
        }
    }

    /** The next datagram; null if there is none and the channel does not block. */
    static @Nullable String receive(DatagramChannel channel) throws IOException {
        var buffer = ByteBuffer.allocate(65_535);
        SocketAddress source = channel.receive(buffer);
        return source == null ? null : StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString();
    }
}
