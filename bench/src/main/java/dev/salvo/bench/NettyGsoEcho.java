package dev.salvo.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An echo as an expert writes it for a channel with UDP_GRO. Netty splits each received message into datagrams, so the
 * handler has to join them again. It joins a datagram only with the run that is open, which is enough for an echo.
 */
final class NettyGsoEcho extends ChannelInboundHandlerAdapter {

    static final int MAX_SEGMENTS = 64;
    /** The loopback device splits an IPv4 message of 65,494 bytes or more in software. */
    static final int MAX_BYTES = 65_000;

    private @Nullable ByteBuf run;
    private @Nullable InetSocketAddress destination;
    private int segmentSize;
    private int segments;
    private boolean open;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var packet = (DatagramPacket) message;
        var joined = joinable(packet);
        if (joined == null) {
            writeRun(context);
            joined = startRun(context, packet);
        }
        open = packet.content().readableBytes() == segmentSize && ++segments < MAX_SEGMENTS;
        joined.writeBytes(packet.content());
        packet.release();
    }

    /**
     * Returns the open run if the packet can join it. A datagram shorter than the segment size is the last of its run.
     */
    private @Nullable ByteBuf joinable(DatagramPacket packet) {
        var length = packet.content().readableBytes();
        var joins = run != null
                && open
                && length > 0
                && length <= segmentSize
                && run.readableBytes() + length <= MAX_BYTES
                && packet.sender().equals(destination);
        return joins ? run : null;
    }

    private ByteBuf startRun(ChannelHandlerContext context, DatagramPacket first) {
        var started = context.alloc().directBuffer(65_535);
        run = started;
        destination = first.sender();
        segmentSize = first.content().readableBytes();
        segments = 0;
        return started;
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void writeRun(ChannelHandlerContext context) {
        var bytes = run;
        var to = destination;
        if (bytes != null && to != null) {
            var single = bytes.readableBytes() <= segmentSize;
            var packet = single
                    ? new DatagramPacket(bytes, to)
                    : new SegmentedDatagramPacket(bytes, segmentSize, to);
            context.write(packet, context.voidPromise());
            run = null;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        writeRun(context);
        context.flush();
    }
}
