package dev.salvo.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;

/** What the Netty peers share: one event loop and pooled direct buffers. */
final class NettyServer {

    private NettyServer() {}

    /**
     * The family is told, since an IPv6 socket with mapped addresses, the default, costs more than the others' IPv4.
     */
    static Bootstrap bootstrap(Bind bind) {
        var family = bind.family() == StandardProtocolFamily.INET6
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET;
        return new Bootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                .channelFactory(() -> new EpollDatagramChannel(family))
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.SO_RCVBUF, Bind.RECEIVE_BUFFER);
    }

    static void run(Bootstrap bootstrap, Bind bind) throws InterruptedException {
        var channel = bootstrap.bind(bind.address()).sync().channel();
        bind.announce(((InetSocketAddress) channel.localAddress()).getPort());
        channel.closeFuture().sync();
    }
}
