package dev.salvo.agent.programs;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An echo of UDP and TCP by one thread, and so by one selector, on one port. */
public final class NettyProgram {

    private NettyProgram() {}

    @Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var answer = message instanceof DatagramPacket packet
                    ? new DatagramPacket(packet.content(), packet.sender())
                    : message;
            context.write(answer).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    public static void main(String[] arguments) {
        var loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var echo = new Echo();
        var udp = new Bootstrap().group(loop).channel(NioDatagramChannel.class).handler(echo)
                .bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
        var port = ((InetSocketAddress) udp.localAddress()).getPort();
        new ServerBootstrap().group(loop).channel(NioServerSocketChannel.class).childHandler(echo)
                .bind(InetAddress.getLoopbackAddress(), port).syncUninterruptibly();
        System.out.println("ready " + port);
    }
}
