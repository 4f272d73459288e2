package dev.salvo.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Writes as long as the channel is writable. With one destination it flushes every 64 datagrams, with several it
 * flushes after one datagram to each; a flush is one sendmmsg. After 16 flushes it yields to the event loop. With GSO
 * and one destination a flush is 16 messages, each with as many copies of the payload as fit.
 */
final class NettySource extends ChannelInboundHandlerAdapter {

    private static final int DATAGRAMS_A_FLUSH = 64;
    private static final int JOINED_A_FLUSH = 16;
    private static final int FLUSHES_A_TURN = 16;

    private final InetSocketAddress[] destinations;
    private final int size;
    private final int segments;
    private final Counter counter;
    private @Nullable ByteBuf payload;
    private int next;
    private long written;
    private long failed;
    private boolean waiting;

    NettySource(InetSocketAddress[] destinations, int size, boolean gso, Counter counter) {
        this.destinations = destinations;
        this.size = size;
        this.segments = gso && destinations.length == 1
                ? Math.clamp(NettyGsoEcho.MAX_BYTES / size, 1, NettyGsoEcho.MAX_SEGMENTS)
                : 1;
        this.counter = counter;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        payload = context.alloc().directBuffer(size).writeZero(size);
        context.executor().execute(() -> writeSome(context));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (waiting && context.channel().isWritable()) {
            waiting = false;
            context.executor().execute(() -> writeSome(context));
        }
    }

    private void writeSome(ChannelHandlerContext context) {
        var bytes = payload;
        if (bytes == null) {
            return;
        }
        for (int flush = 0; flush < FLUSHES_A_TURN; flush++) {
            if (!context.channel().isWritable()) {
                waiting = true;
                return;
            }
            writeBatch(context, bytes);
            context.flush();
            // Messages still in the outbound buffer are not yet sent. Nothing else writes to this channel.
            var messagesWaiting = context.channel().unsafe().outboundBuffer().size();
            counter.done((written - failed - messagesWaiting) * segments);
        }
        context.executor().execute(() -> writeSome(context));
    }

    /** The void promise saves an object for each write and reports failures to exceptionCaught. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private void writeBatch(ChannelHandlerContext context, ByteBuf bytes) {
        var messages = segments > 1
                ? JOINED_A_FLUSH
                : destinations.length > 1 ? destinations.length : DATAGRAMS_A_FLUSH;
        for (int i = 0; i < messages; i++) {
            context.write(packet(context, bytes, destinations[next]), context.voidPromise());
            next = next + 1 < destinations.length ? next + 1 : 0;
        }
        written += messages;
    }

    private DatagramPacket packet(ChannelHandlerContext context, ByteBuf bytes, InetSocketAddress destination) {
        if (segments == 1) {
            return new DatagramPacket(bytes.retainedDuplicate(), destination);
        }
        var joined = context.alloc().directBuffer(segments * size);
        for (int i = 0; i < segments; i++) {
            joined.writeBytes(bytes, 0, size);
        }
        return new SegmentedDatagramPacket(joined, size, destination);
    }

    /** Called once for each message that failed. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        counter.failed(++failed * segments);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ((DatagramPacket) message).release();
    }
}
