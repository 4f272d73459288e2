package dev.salvo.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.function.Consumer;

/** Non-blocking channels with a selector and one direct buffer. Each channel is read until receive returns null. */
final class JdkSelector implements Peer {

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_535);

    @Override
    public void echo(Endpoint bind) throws IOException {
        try (var channel = JdkChannels.open(bind);
                var selector = Selector.open()) {
            register(channel, selector);
            Peer.listening(bind, JdkChannels.port(channel));
            select(selector, this::echoAll);
        }
    }

    @Override
    public void sink(Endpoint bind, Counter counter) throws IOException {
        try (var channel = JdkChannels.open(bind);
                var selector = Selector.open()) {
            register(channel, selector);
            Peer.listening(bind, JdkChannels.port(channel));
            var sink = new JdkSink(counter, buffer);
            select(selector, sink::receiveAll);
        }
    }

    @Override
    public void source(List<Endpoint> destinations, int size, Counter counter) throws IOException {
        JdkChannels.source(destinations, size, counter);
    }

    /** Only the selector holds the channels. They are closed when the process ends. */
    @Override
    public void sockets(int count, PortList ports) throws IOException {
        try (var selector = Selector.open()) {
            for (int i = 0; i < count; i++) {
                var channel = DatagramChannel.open(PortList.ADDRESS.family());
                channel.bind(PortList.ADDRESS.address());
                register(channel, selector);
                ports.add(JdkChannels.port(channel));
            }
            ports.publish();
            select(selector, this::echoAll);
        }
    }

    private interface Ready {
        void on(DatagramChannel channel) throws IOException;
    }

    private static void register(DatagramChannel channel, Selector selector) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
    }

    private static void select(Selector selector, Ready ready) throws IOException {
        Consumer<SelectionKey> action = key -> {
            try {
                ready.on((DatagramChannel) key.channel());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        while (selector.isOpen()) {
            selector.select(action);
        }
    }

    private void echoAll(DatagramChannel channel) throws IOException {
        buffer.clear();
        for (var source = channel.receive(buffer); source != null; source = channel.receive(buffer)) {
            buffer.flip();
            // A return value of 0 means that the send buffer is full. The reply is then dropped, as UDP permits, and
            // the table shows it as lost.
            channel.send(buffer, source);
            buffer.clear();
        }
    }

    private static final class JdkSink {

        private final Counter counter;
        private final ByteBuffer buffer;
        private long received;

        JdkSink(Counter counter, ByteBuffer buffer) {
            this.counter = counter;
            this.buffer = buffer;
        }

        void receiveAll(DatagramChannel channel) throws IOException {
            buffer.clear();
            while (channel.receive(buffer) instanceof InetSocketAddress) {
                buffer.clear();
                counter.done(++received);
            }
        }
    }
}
