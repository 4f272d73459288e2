package dev.salvo.bench;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/** The writes of a batch are flushed together, which makes them one sendmmsg. */
@Sharable
final class NettyEcho extends ChannelInboundHandlerAdapter {

    /** The payload is passed on uncopied, its reference with it; the void promise spares an object a write. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void channelRead(ChannelHandlerContext context, Object message) {
        var packet = (DatagramPacket) message;
        context.write(new DatagramPacket(packet.content(), packet.sender()), context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }
}
