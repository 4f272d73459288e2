package dev.salvo.bench;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** Counts the datagrams and returns each payload to its pool. */
final class NettySink extends ChannelInboundHandlerAdapter {

    private final Counter counter;
    private long received;

    NettySink(Counter counter) {
        this.counter = counter;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        counter.done(++received);
    }
}
