package dev.salvo.bench;

/** Netty over each of its native transports. */
final class NettyPeer {

    private NettyPeer() {}

    static void main(String[] args) throws Exception {
        Arguments.run(args, "NettyPeer --transport epoll|io_uring [--gso]", NettyPeer::choose);
    }

    private static Peer choose(Arguments arguments) {
        var transport = arguments.value("--transport", "epoll");
        var gso = arguments.has("--gso");
        if (transport.equals("io_uring") && !gso) {
            return new NettyServer(NettyTransport.ioUring(), false);
        }
        if (transport.equals("epoll")) {
            return new NettyServer(gso ? NettyTransport.epollWithGro() : NettyTransport.epoll(), gso);
        }
        throw new IllegalArgumentException("--transport epoll, epoll --gso or io_uring");
    }
}
