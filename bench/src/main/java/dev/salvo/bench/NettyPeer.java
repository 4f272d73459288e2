package dev.salvo.bench;

/** Netty over its native transports, epoll and io_uring, and over java.nio. */
final class NettyPeer {

    private NettyPeer() {}

    static void main(String[] args) throws Exception {
        Arguments.run(args, "NettyPeer --transport epoll|io_uring|nio [--gso | --single]", NettyPeer::choose);
    }

    private static Peer choose(Arguments arguments) {
        var transport = arguments.value("--transport", "epoll");
        var gso = arguments.has("--gso");
        var single = arguments.has("--single");
        if (transport.equals("nio") && !gso) {
            return new NettyServer(NettyTransport.nio(), false);
        }
        if (transport.equals("io_uring") && !gso) {
            return new NettyServer(single ? NettyTransport.singleIoUring() : NettyTransport.ioUring(), false);
        }
        if (transport.equals("epoll") && !(gso && single)) {
            return new NettyServer(
                    gso
                            ? NettyTransport.epollWithGro()
                            : single ? NettyTransport.singleEpoll() : NettyTransport.epoll(),
                    gso);
        }
        throw new IllegalArgumentException(
                "--transport must be epoll, io_uring or nio; --gso needs epoll and excludes --single");
    }
}
