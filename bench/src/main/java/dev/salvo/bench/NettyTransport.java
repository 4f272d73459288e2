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
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import java.net.StandardProtocolFamily;
import java.util.function.Function;

/**
 * A bootstrap for one event loop with pooled direct buffers and with the transport's options for several datagrams per
 * call.
 */
final class NettyTransport {

    /** The batch size of C and of Salvo. */
    private static final int BATCH = 64;
    /** Netty's default receive buffer, large enough for a datagram of an ordinary network. */
    private static final int ONE_DATAGRAM = 2048;
    /** Large enough for a datagram in a jumbo frame. */
    private static final int LARGEST_DATAGRAM = 9216;
    /** recvmsg returns one run per call. C and Salvo receive as many before they reply. */
    private static final int RUNS_PER_READ = 64 * 64;
    /** The exit code of a peer that cannot run on this machine. */
    private static final int UNAVAILABLE = 3;

    private final IoHandlerFactory loop;
    private final Function<SocketProtocolFamily, DatagramChannel> channel;
    private final Bootstrap options = new Bootstrap();

    private NettyTransport(IoHandlerFactory loop, Function<SocketProtocolFamily, DatagramChannel> channel) {
        this.loop = loop;
        this.channel = channel;
    }

    /** Netty uses recvmmsg if the receive buffer has room for several datagrams of MAX_DATAGRAM_PAYLOAD_SIZE. */
    static NettyTransport epoll() {
        var transport = new NettyTransport(EpollIoHandler.newFactory(), EpollDatagramChannel::new);
        transport.options.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, LARGEST_DATAGRAM)
                .option(EpollChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BATCH * LARGEST_DATAGRAM));
        return transport;
    }

    /**
     * recvmsg with one datagram per call, which is Netty's default. It is cheaper than recvmmsg when only one datagram
     * is outstanding: a receive buffer for 64 datagrams is larger than the buffers that the pool caches, and Netty
     * prepares all 64 slots of recvmmsg for each read (NativeDatagramPacketArray).
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

    /** java.nio, of the JDK or of whatever provider the JVM has. It reads as many datagrams as the others at a time. */
    static NettyTransport nio() {
        var transport = new NettyTransport(NioIoHandler.newFactory(), NioDatagramChannel::new);
        transport.options.option(ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(ONE_DATAGRAM).maxMessagesPerRead(BATCH));
        return transport;
    }

    /** UDP_GRO in place of recvmmsg: Netty does not combine the two. */
    static NettyTransport epollWithGro() {
        var transport = new NettyTransport(EpollIoHandler.newFactory(), EpollDatagramChannel::new);
        transport.options.option(EpollChannelOption.UDP_GRO, true)
                .option(EpollChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(65_535).maxMessagesPerRead(RUNS_PER_READ));
        return transport;
    }

    /**
     * With the same options as for epoll, Netty submits many RECVMSG requests at once, its substitute for recvmmsg.
     * This transport has no GRO and no other offload.
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
            System.err.println("io_uring is not available on this machine: " + IoUring.unavailabilityCause());
            System.exit(UNAVAILABLE);
        }
    }

    /**
     * The bootstrap sets the address family. Netty's default is an IPv6 socket with mapped addresses, which costs more
     * than the IPv4 sockets of the other peers.
     */
    Bootstrap bootstrap(Endpoint bind) {
        var family = bind.family() == StandardProtocolFamily.INET6
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET;
        ChannelFactory<Channel> factory = () -> channel.apply(family);
        return options.clone(new MultiThreadIoEventLoopGroup(1, loop))
                .channelFactory(factory)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                // Room for several flushes of the largest datagrams. Past the high mark a source stops and waits for
                // channelWritabilityChanged.
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(4 << 20, 8 << 20));
    }
}
