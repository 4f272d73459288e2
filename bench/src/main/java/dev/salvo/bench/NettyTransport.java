package dev.salvo.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import java.net.StandardProtocolFamily;
import java.util.function.Function;

/**
 * A bootstrap for one event loop, with pooled direct buffers, and with what the transport has for many datagrams a
 * call.
 */
final class NettyTransport {

    /** As many as C and Salvo receive at once. */
    private static final int BATCH = 64;
    /** Netty's own, made for a datagram of any usual network. */
    private static final int ONE_DATAGRAM = 2048;
    /** Room for a jumbo frame's. */
    private static final int LARGEST_DATAGRAM = 9216;
    /** recvmsg brings one run a call; as many as C and Salvo receive before they reply. */
    private static final int RUNS_PER_READ = 64 * 64;
    /** The exit code of a peer that can't run here. */
    private static final int UNAVAILABLE = 3;

    private final IoHandlerFactory loop;
    private final Function<SocketProtocolFamily, DatagramChannel> channel;
    private final Bootstrap options = new Bootstrap();

    private NettyTransport(IoHandlerFactory loop, Function<SocketProtocolFamily, DatagramChannel> channel) {
        this.loop = loop;
        this.channel = channel;
    }

    /** recvmmsg is used if the receive buffer has room for several of MAX_DATAGRAM_PAYLOAD_SIZE. */
    static NettyTransport epoll() {
        var transport = new NettyTransport(EpollIoHandler.newFactory(), EpollDatagramChannel::new);
        transport.options.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, LARGEST_DATAGRAM)
                .option(EpollChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BATCH * LARGEST_DATAGRAM));
        return transport;
    }

    /**
     * recvmsg, a datagram a call, as Netty reads where nobody tells it more. Where one datagram is outstanding it costs
     * less: the receive buffer for 64 is more than the pool's caches hold, and recvmmsg's 64 slots are filled in for
     * each read, whatever it brings (NativeDatagramPacketArray).
     */
    static NettyTransport singleEpoll() {
        return single(EpollIoHandler.newFactory(), EpollDatagramChannel::new);
    }

    private static NettyTransport single(
            IoHandlerFactory loop, Function<SocketProtocolFamily, DatagramChannel> channel) {
        var transport = new NettyTransport(loop, channel);
        transport.options.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(ONE_DATAGRAM));
        return transport;
    }

    /** Instead of recvmmsg, which Netty doesn't combine with it. */
    static NettyTransport epollWithGro() {
        var transport = new NettyTransport(EpollIoHandler.newFactory(), EpollDatagramChannel::new);
        transport.options.option(EpollChannelOption.UDP_GRO, true)
                .option(EpollChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(65_535).maxMessagesPerRead(RUNS_PER_READ));
        return transport;
    }

    /**
     * The same options make it submit many RECVMSG at once, its stand-in for recvmmsg. It has neither GRO nor others.
     */
    static NettyTransport ioUring() {
        requireIoUring();
        var transport = new NettyTransport(IoUringIoHandler.newFactory(), IoUringDatagramChannel::new);
        transport.options.option(IoUringChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, LARGEST_DATAGRAM)
                .option(IoUringChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(BATCH * LARGEST_DATAGRAM));
        return transport;
    }

    /** One RECVMSG at a time. */
    static NettyTransport singleIoUring() {
        requireIoUring();
        return single(IoUringIoHandler.newFactory(), IoUringDatagramChannel::new);
    }

    private static void requireIoUring() {
        if (!IoUring.isAvailable()) {
            System.err.println("io_uring can't be used here: " + IoUring.unavailabilityCause());
            System.exit(UNAVAILABLE);
        }
    }

    /**
     * The family is told, since an IPv6 socket with mapped addresses, the default, costs more than the others' IPv4.
     */
    Bootstrap bootstrap(Endpoint bind) {
        var family = bind.family() == StandardProtocolFamily.INET6
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET;
        ChannelFactory<Channel> factory = () -> channel.apply(family);
        return options.clone(new MultiThreadIoEventLoopGroup(1, loop))
                .channelFactory(factory)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                // Several flushes of the largest datagrams; what is written past it waits for
                // channelWritabilityChanged.
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(4 << 20, 8 << 20));
    }
}
