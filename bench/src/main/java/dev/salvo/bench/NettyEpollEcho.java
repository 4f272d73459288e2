package dev.salvo.bench;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramPacket;

/** Netty's epoll transport with recvmmsg and sendmmsg. */
final class NettyEpollEcho {

    /** As many as C and Salvo receive at once. */
    private static final int BATCH = 64;

    private static final int LARGEST_DATAGRAM = 2048;

    private NettyEpollEcho() {}

    /** recvmmsg is used if the receive buffer has room for several of MAX_DATAGRAM_PAYLOAD_SIZE. */
    public static void main(String[] args) throws InterruptedException {
        var bind = Bind.parse(args);
        var bootstrap = NettyServer.bootstrap(bind)
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, LARGEST_DATAGRAM)
                .option(EpollChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BATCH * LARGEST_DATAGRAM))
                .handler(new Echo());
        NettyServer.run(bootstrap, bind);
    }

    /** The writes of a batch are flushed together, which makes them one sendmmsg. */
    private static final class Echo extends ChannelInboundHandlerAdapter {

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
}
