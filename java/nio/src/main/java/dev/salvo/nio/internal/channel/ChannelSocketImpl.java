package dev.salvo.nio.internal.channel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The socket below a DatagramSocket or a MulticastSocket, by a channel that is always blocking. java.net calls
 * {@link #create} before anything else, and checks the arguments of the program.
 */
public final class ChannelSocketImpl extends DatagramSocketImpl {

    /** Opens the channel of a socket. */
    public interface Opener {

        /** An IPv6 channel if this host has IPv6. */
        UdpChannel open() throws IOException;
    }

    private final Opener opener;
    private @Nullable UdpChannel channel;
    private @Nullable PacketCalls packets;
    private volatile int timeout;

    /** Opens nothing yet. */
    public ChannelSocketImpl(Opener opener) {
        this.opener = opener;
    }

    @Override
    protected void create() throws SocketException {
        try {
            var opened = opener.open();
            channel = opened;
            packets = new PacketCalls(opened, false);
        } catch (SocketException e) {
            throw e;
        } catch (IOException e) {
            throw wrapped(e);
        }
    }

    private static SocketException wrapped(IOException e) {
        return e instanceof SocketException own
                ? own
                : new SocketException(e instanceof ClosedChannelException ? "Socket is closed" : e.getMessage(), e);
    }

    private UdpChannel channel() {
        return Objects.requireNonNull(channel, "create() comes first");
    }

    @Override
    protected void bind(int port, InetAddress address) throws SocketException {
        try {
            channel().bind(new InetSocketAddress(address, port));
            localPort = Objects.requireNonNull(channel().local()).getPort();
        } catch (IOException e) {
            throw wrapped(e);
        }
    }

    @Override
    protected void connect(InetAddress address, int port) throws SocketException {
        try {
            channel().connect(new InetSocketAddress(address, port), true);
        } catch (IOException e) {
            throw wrapped(e);
        }
    }

    @Override
    protected void disconnect() {
        try {
            channel().disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void send(DatagramPacket packet) throws IOException {
        Objects.requireNonNull(packets).send(packet);
    }

    @Override
    protected void receive(DatagramPacket packet) throws IOException {
        Objects.requireNonNull(packets).receive(packet, timeout);
    }

    /** The older one, of which nothing in java.net makes use. */
    @Override
    protected int peek(InetAddress address) throws IOException {
        throw new SocketException("peek(InetAddress) is not supported; peekData returns the source in its packet");
    }

    @Override
    protected int peekData(DatagramPacket packet) throws IOException {
        return Objects.requireNonNull(packets).peek(packet, timeout);
    }

    @Override
    protected void close() {
        var opened = channel;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @SuppressWarnings({"deprecation", "removal"})
    @Override
    protected void setTTL(byte ttl) throws IOException {
        setTimeToLive(Byte.toUnsignedInt(ttl));
    }

    @SuppressWarnings({"deprecation", "removal"})
    @Override
    protected byte getTTL() throws IOException {
        return (byte) getTimeToLive();
    }

    @Override
    protected void setTimeToLive(int ttl) throws IOException {
        channel().setOption(StandardSocketOptions.IP_MULTICAST_TTL, ttl);
    }

    @Override
    protected int getTimeToLive() throws IOException {
        return channel().getOption(StandardSocketOptions.IP_MULTICAST_TTL);
    }

    @Override
    protected void join(InetAddress group) throws IOException {
        channel().memberships().joinForSocket(group, null);
    }

    @Override
    protected void leave(InetAddress group) throws IOException {
        channel().memberships().leaveForSocket(group, null);
    }

    @Override
    protected void joinGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        channel().memberships().joinForSocket(ChannelSocket.group(group), on);
    }

    @Override
    protected void leaveGroup(SocketAddress group, @Nullable NetworkInterface on) throws IOException {
        channel().memberships().leaveForSocket(ChannelSocket.group(group), on);
    }

    // The options by their numbers, which DatagramSocket uses for its older methods

    @Override
    public void setOption(int option, Object value) throws SocketException {
        try {
            switch (option) {
                case SocketOptions.SO_TIMEOUT -> timeout = (Integer) value;
                case SocketOptions.SO_SNDBUF -> channel().setOption(StandardSocketOptions.SO_SNDBUF, (Integer) value);
                case SocketOptions.SO_RCVBUF -> channel().setOption(StandardSocketOptions.SO_RCVBUF, (Integer) value);
                case SocketOptions.SO_REUSEADDR ->
                    channel().setOption(StandardSocketOptions.SO_REUSEADDR, (Boolean) value);
                case SocketOptions.SO_REUSEPORT ->
                    channel().setOption(StandardSocketOptions.SO_REUSEPORT, (Boolean) value);
                case SocketOptions.SO_BROADCAST ->
                    channel().setOption(StandardSocketOptions.SO_BROADCAST, (Boolean) value);
                case SocketOptions.IP_TOS -> channel().setOption(StandardSocketOptions.IP_TOS, (Integer) value);
                // Of this one the value is whether the loop is off.
                case SocketOptions.IP_MULTICAST_LOOP ->
                    channel().setOption(StandardSocketOptions.IP_MULTICAST_LOOP, !(Boolean) value);
                case SocketOptions.IP_MULTICAST_IF -> setInterface(
                        NetworkInterface.getByInetAddress((InetAddress) value), value);
                case SocketOptions.IP_MULTICAST_IF2 -> setInterface((NetworkInterface) value, value);
                default -> throw new SocketException("unknown option " + option);
            }
        } catch (IOException e) {
            throw wrapped(e);
        }
    }

    private void setInterface(@Nullable NetworkInterface on, Object asked) throws IOException {
        if (on == null) {
            throw new SocketException("no interface has the address " + asked);
        }
        channel().setOption(StandardSocketOptions.IP_MULTICAST_IF, on);
    }

    @Override
    public Object getOption(int option) throws SocketException {
        try {
            return switch (option) {
                case SocketOptions.SO_TIMEOUT -> timeout;
                case SocketOptions.SO_SNDBUF -> channel().getOption(StandardSocketOptions.SO_SNDBUF);
                case SocketOptions.SO_RCVBUF -> channel().getOption(StandardSocketOptions.SO_RCVBUF);
                case SocketOptions.SO_REUSEADDR -> channel().getOption(StandardSocketOptions.SO_REUSEADDR);
                case SocketOptions.SO_REUSEPORT -> channel().getOption(StandardSocketOptions.SO_REUSEPORT);
                case SocketOptions.SO_BROADCAST -> channel().getOption(StandardSocketOptions.SO_BROADCAST);
                case SocketOptions.IP_TOS -> channel().getOption(StandardSocketOptions.IP_TOS);
                case SocketOptions.IP_MULTICAST_LOOP -> !channel().getOption(StandardSocketOptions.IP_MULTICAST_LOOP);
                case SocketOptions.IP_MULTICAST_IF -> address(outgoing());
                case SocketOptions.IP_MULTICAST_IF2 -> interfaceOrAny(outgoing());
                case SocketOptions.SO_BINDADDR -> boundAddress();
                default -> throw new SocketException("unknown option " + option);
            };
        } catch (IOException e) {
            throw wrapped(e);
        }
    }

    private @Nullable NetworkInterface outgoing() throws IOException {
        return channel().getOption(StandardSocketOptions.IP_MULTICAST_IF);
    }

    private static InetAddress address(@Nullable NetworkInterface on) throws UnknownHostException {
        var addresses = on == null ? null : on.getInetAddresses();
        return addresses != null && addresses.hasMoreElements()
                ? addresses.nextElement()
                : InetAddress.getByAddress(new byte[4]);
    }

    /** Without one java.net makes a placeholder of its own from null. */
    @SuppressWarnings("NullAway")
    private static Object interfaceOrAny(@Nullable NetworkInterface on) {
        return on;
    }

    private InetAddress boundAddress() {
        var local = channel().local();
        return (local != null ? local : new InetSocketAddress(0)).getAddress();
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        channel().setOption(option, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> option) throws IOException {
        return channel().getOption(option);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return ChannelOptions.supported();
    }
}
