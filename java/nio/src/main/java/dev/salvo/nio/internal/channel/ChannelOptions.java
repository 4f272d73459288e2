package dev.salvo.nio.internal.channel;

import dev.salvo.linux.SyscallException;
import dev.salvo.nio.internal.endpoint.Endpoint;
import dev.salvo.nio.internal.jdk.JdkProvider;
import dev.salvo.socket.Multicast;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.PathMtuDiscovery;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.UdpOptions;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of java.net by those of the kernel. An IPv6 socket for both families has most of them twice, and both are
 * set.
 */
final class ChannelOptions {

    /** SO_SNDBUF and SO_RCVBUF read as twice what was set (socket(7)). java.net has what was set. */
    private static final int DOUBLED = 2;
    /** The bits of IP_TOS that java.net sets. */
    private static final int TOS_MASK = 0xfe;

    private final Endpoint endpoint;
    /** The interface for what is sent to groups, which IPv4 does not tell; 0 if it was never set. */
    private int outgoingIndex;

    ChannelOptions(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The options that the JDK's channels have, and the rows of the socket layer that this kernel has. */
    private static final class Supported {

        static final Set<SocketOption<?>> OF_JDK = JdkProvider.datagramOptions();
        static final Set<SocketOption<?>> ALL = all();

        private static Set<SocketOption<?>> all() {
            var all = new LinkedHashSet<SocketOption<?>>(OF_JDK);
            try (var ipv4 = UdpSocket.open(StandardProtocolFamily.INET)) {
                for (var group : List.of(SocketLevelOptions.class, IpOptions.class, Ipv6Options.class,
                        UdpOptions.class)) {
                    for (var field : group.getFields()) {
                        if (field.get(null) instanceof SockOpt<?> row && isReadable(ipv4, row)) {
                            all.add(row);
                        }
                    }
                }
            } catch (SyscallException | IllegalAccessException e) {
                // No descriptor is left. The rows can be used all the same.
            }
            return Collections.unmodifiableSet(all);
        }

        private static boolean isReadable(UdpSocket socket, SockOpt<?> row) {
            try {
                socket.get(row);
                return true;
            } catch (SyscallException e) {
                return false;
            }
        }
    }

    static Set<SocketOption<?>> supported() {
        return Supported.ALL;
    }

    void requireSupported(SocketOption<?> option) {
        Objects.requireNonNull(option);
        if (!(option instanceof SockOpt) && !Supported.OF_JDK.contains(option)) {
            throw new UnsupportedOperationException("the option " + option + " is not supported");
        }
    }

    void requireValid(SocketOption<?> option, Object value) {
        requireSupported(option);
        if (!option.type().isInstance(value)) {
            throw new IllegalArgumentException("not a value of " + option + ": " + value);
        }
        if (option == StandardSocketOptions.SO_SNDBUF || option == StandardSocketOptions.SO_RCVBUF) {
            requireWithin(option, (Integer) value, Integer.MAX_VALUE);
        } else if (option == StandardSocketOptions.IP_TOS || option == StandardSocketOptions.IP_MULTICAST_TTL) {
            requireWithin(option, (Integer) value, 255);
        }
    }

    private static void requireWithin(SocketOption<?> option, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("out of range for " + option + ": " + value);
        }
    }

    <T> void set(SocketOption<T> option, T value) throws IOException {
        var socket = endpoint.socket();
        if (option instanceof SockOpt<T> row) {
            socket.set(row, value);
        } else if (option == StandardSocketOptions.SO_SNDBUF) {
            socket.set(SocketLevelOptions.SNDBUF, (Integer) value);
        } else if (option == StandardSocketOptions.SO_RCVBUF) {
            socket.set(SocketLevelOptions.RCVBUF, (Integer) value);
        } else if (option == StandardSocketOptions.SO_REUSEADDR) {
            socket.set(SocketLevelOptions.REUSEADDR, (Boolean) value);
        } else if (option == StandardSocketOptions.SO_REUSEPORT) {
            socket.set(SocketLevelOptions.REUSEPORT, (Boolean) value);
        } else if (option == StandardSocketOptions.SO_BROADCAST) {
            socket.set(SocketLevelOptions.BROADCAST, (Boolean) value);
        } else if (option == StandardSocketOptions.IP_TOS) {
            setBoth(IpOptions.TOS, Ipv6Options.TCLASS, (Integer) value & TOS_MASK);
        } else if (option == StandardSocketOptions.IP_MULTICAST_TTL) {
            setBoth(IpOptions.MULTICAST_TTL, Ipv6Options.MULTICAST_HOPS, (Integer) value);
        } else if (option == StandardSocketOptions.IP_MULTICAST_LOOP) {
            setBoth(IpOptions.MULTICAST_LOOP, Ipv6Options.MULTICAST_LOOP, (Boolean) value);
        } else if (option == StandardSocketOptions.IP_MULTICAST_IF) {
            setOutgoing(((NetworkInterface) value).getIndex());
        } else if (option.name().equals("IP_DONTFRAGMENT")) {
            var mode = (Boolean) value ? PathMtuDiscovery.DO : PathMtuDiscovery.DONT;
            setBoth(IpOptions.MTU_DISCOVER, Ipv6Options.MTU_DISCOVER, mode);
        } else {
            throw new SocketException(option + " can only be read");
        }
    }

    private <T> void setBoth(SockOpt<T> ipv4, SockOpt<T> ipv6, T value) throws SyscallException {
        var socket = endpoint.socket();
        if (!endpoint.isIpv6()) {
            socket.set(ipv4, value);
            return;
        }
        socket.set(ipv6, value);
        try {
            socket.set(ipv4, value);
        } catch (SyscallException e) {
            // It is for IPv4 alone, which the socket need not use.
        }
    }

    private void setOutgoing(int index) throws IOException {
        var socket = endpoint.socket();
        var outgoing = Multicast.outgoingInterface(socket, Integer.toString(index));
        if (endpoint.isIpv6()) {
            socket.set(Ipv6Options.MULTICAST_IF, index);
        }
        try {
            socket.set(IpOptions.MULTICAST_IF, outgoing);
        } catch (SyscallException e) {
            // As in setBoth.
            if (!endpoint.isIpv6()) {
                throw e;
            }
        }
        outgoingIndex = index;
    }

    // Each branch is of the option's type. java.net says nothing of the null for no interface.
    @SuppressWarnings({"unchecked", "NullAway"})
    <T> T get(SocketOption<T> option) throws IOException {
        return (T) value(option);
    }

    private @Nullable Object value(SocketOption<?> option) throws IOException {
        var socket = endpoint.socket();
        if (option instanceof SockOpt<?> row) {
            return socket.get(row);
        } else if (option == StandardSocketOptions.SO_SNDBUF) {
            return socket.get(SocketLevelOptions.SNDBUF) / DOUBLED;
        } else if (option == StandardSocketOptions.SO_RCVBUF) {
            return socket.get(SocketLevelOptions.RCVBUF) / DOUBLED;
        } else if (option == StandardSocketOptions.SO_REUSEADDR) {
            return socket.get(SocketLevelOptions.REUSEADDR);
        } else if (option == StandardSocketOptions.SO_REUSEPORT) {
            return socket.get(SocketLevelOptions.REUSEPORT);
        } else if (option == StandardSocketOptions.SO_BROADCAST) {
            return socket.get(SocketLevelOptions.BROADCAST);
        } else if (option == StandardSocketOptions.IP_TOS) {
            return either(IpOptions.TOS, Ipv6Options.TCLASS);
        } else if (option == StandardSocketOptions.IP_MULTICAST_TTL) {
            return either(IpOptions.MULTICAST_TTL, Ipv6Options.MULTICAST_HOPS);
        } else if (option == StandardSocketOptions.IP_MULTICAST_LOOP) {
            return either(IpOptions.MULTICAST_LOOP, Ipv6Options.MULTICAST_LOOP);
        } else if (option == StandardSocketOptions.IP_MULTICAST_IF) {
            return outgoing();
        } else if (option.name().equals("IP_DONTFRAGMENT")) {
            return either(IpOptions.MTU_DISCOVER, Ipv6Options.MTU_DISCOVER) == PathMtuDiscovery.DO;
        }
        return socket.get(SocketLevelOptions.INCOMING_NAPI_ID);
    }

    private <T> T either(SockOpt<T> ipv4, SockOpt<T> ipv6) throws SyscallException {
        return endpoint.socket().get(endpoint.isIpv6() ? ipv6 : ipv4);
    }

    /** Null if the kernel chooses. The kernel does not return an IPv4 interface that was set by its index. */
    private @Nullable NetworkInterface outgoing() throws IOException {
        var socket = endpoint.socket();
        int index = endpoint.isIpv6() ? socket.get(Ipv6Options.MULTICAST_IF) : outgoingIndex;
        if (index == 0) {
            var address = socket.get(IpOptions.MULTICAST_IF).address();
            return address.isAnyLocalAddress() ? null : NetworkInterface.getByInetAddress(address);
        }
        var found = NetworkInterface.getByIndex(index);
        if (found == null) {
            throw new SocketException("no interface has the index " + index + " any more");
        }
        return found;
    }
}
