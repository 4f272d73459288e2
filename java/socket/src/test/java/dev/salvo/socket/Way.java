package dev.salvo.socket;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.Loopback;
import java.net.StandardProtocolFamily;
import org.jspecify.annotations.Nullable;

/** The ways of a datagram to the loopback device: IP version and socket family, with an address or by a connection. */
enum Way {
    IPV4(Loopback.IPV4, "127.0.0.1", false), IPV6(Loopback.IPV6, "::1", false), MAPPED(Loopback.IPV4,
            "::ffff:127.0.0.1", false), IPV4_CONNECTED(Loopback.IPV4, "127.0.0.1",
                    true), IPV6_CONNECTED(Loopback.IPV6, "::1", true), MAPPED_CONNECTED(Loopback.IPV4,
                            "::ffff:127.0.0.1", true);

    /** The IP version on the wire. */
    final Loopback over;

    private final String destination;
    final boolean connected;

    Way(Loopback over, String destination, boolean connected) {
        this.over = over;
        this.destination = destination;
        this.connected = connected;
    }

    SockAddr to(int port) {
        return SockAddr.of(destination, port);
    }

    /**
     * A sender, and a receiver that reports traffic class and hop limit. The sender is connected if {@code to} is null.
     */
    static final class Traveller implements AutoCloseable {

        final UdpSocket sender;
        final UdpSocket receiver;
        final @Nullable SockAddr to;
        final SendBatch out = SendBatch.open();
        final ReceiveBatch in = ReceiveBatch.open();

        Traveller(Way way) throws SyscallException {
            receiver = way.over.bound();
            receiver.set(way.over == Loopback.IPV4 ? IpOptions.RECVTOS : Ipv6Options.RECVTCLASS, true);
            receiver.set(way.over == Loopback.IPV4 ? IpOptions.RECVTTL : Ipv6Options.RECVHOPLIMIT, true);
            var address = way.to(receiver.localAddress().port());
            sender = UdpSocket.open(address.isIpv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
            if (way.connected) {
                sender.connect(address);
            }
            to = way.connected ? null : address;
        }

        @Override
        public void close() {
            sender.close();
            receiver.close();
            out.close();
            in.close();
        }
    }
}
