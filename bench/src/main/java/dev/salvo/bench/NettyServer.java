package dev.salvo.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.List;

/** The roles of the Netty peer, over any of its transports. */
final class NettyServer implements Peer {

    private final NettyTransport transport;
    private final boolean gso;

    NettyServer(NettyTransport transport, boolean gso) {
        this.transport = transport;
        this.gso = gso;
    }

    @Override
    public void echo(Endpoint bind) throws InterruptedException {
        serve(bind, gso ? new NettyGsoEcho() : new NettyEcho());
    }

    @Override
    public void sink(Endpoint bind, Counter counter) throws InterruptedException {
        serve(bind, new NettySink(counter));
    }

    @Override
    public void source(List<Endpoint> destinations, int size, Counter counter) throws InterruptedException {
        var addresses = destinations.stream().map(Endpoint::address).toArray(InetSocketAddress[]::new);
        var any = destinations.getFirst().any();
        var source = new NettySource(addresses, size, gso, counter);
        var channel = transport.bootstrap(any).handler(source).bind(any.address()).sync().channel();
        Arguments.announceSending(destinations);
        channel.closeFuture().sync();
    }

    @Override
    public void sockets(int count, PortList ports) throws Exception {
        var bootstrap = transport.bootstrap(PortList.ADDRESS).handler(new NettyEcho());
        for (int i = 0; i < count; i++) {
            ports.add(bind(bootstrap, PortList.ADDRESS));
        }
        ports.publish();
        Thread.currentThread().join();
    }

    private void serve(Endpoint bind, ChannelHandler handler) throws InterruptedException {
        var bootstrap = transport.bootstrap(bind).handler(handler).option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER);
        Peer.listening(bind, bind(bootstrap, bind));
        Thread.currentThread().join();
    }

    private static int bind(Bootstrap bootstrap, Endpoint at) throws InterruptedException {
        var channel = bootstrap.bind(at.address()).sync().channel();
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }
}
