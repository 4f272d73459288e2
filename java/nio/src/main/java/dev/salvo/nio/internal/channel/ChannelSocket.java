package dev.salvo.nio.internal.channel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link DatagramChannel#socket} returns: a DatagramSocket whose every method is the channel's. */
final class ChannelSocket extends MulticastSocket {

    private final UdpChannel channel;
    private final PacketCalls packets;
    private volatile int timeout;
    /** The interface that was set by an address, and the address. */
    private @Nullable NetworkInterface outgoing;
    private @Nullable InetAddress outgoingAddress;

    ChannelSocket(UdpChannel channel) throws IOException {
        super(NoDelegate.ADDRESS);
        if (NoDelegate.ADDRESS == null) {
            // Then java.net has made a socket of its own, which nothing needs.
            super.close();
        }
        this.channel = channel;
        this.packets = new PacketCalls(channel, true);
    }

    /**
     * The address for which DatagramSocket makes no socket of its own; null if java.net is not open to this module, as
     * the agent makes it.
     */
    private static final class NoDelegate {

        static final @Nullable SocketAddress ADDRESS = find();

        private static @Nullable SocketAddress find() {
            try {
                return (SocketAddress) MethodHandles.privateLookupIn(DatagramSocket.class, MethodHandles.lookup())
                        .findStaticVarHandle(DatagramSocket.class, "NO_DELEGATE", SocketAddress.class).get();
            } catch (ReflectiveOperationException e) {
                return null;
            }
        }
    }

    /** A call whose other exceptions become SocketException. */
    private interface Call<T> {
        T make() throws IOException;
    }

    private static <T> T call(Call<T> call) throws SocketException {
        try {
            return call.make();
        } catch (SocketException e) {
            throw e;
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket is closed", e);
        } catch (AlreadyBoundException e) {
            throw new SocketException("Already bound", e);
        } catch (UnresolvedAddressException e) {
            throw new SocketException("Unresolved address", e);
        } catch (UnsupportedAddressTypeException e) {
            throw new SocketException("Unsupported address type", e);
        } catch (IOException e) {
            throw new SocketException(e.getMessage(), e);
        }
    }

    private static InetSocketAddress inet(@Nullable SocketAddress address) {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        if (address instanceof InetSocketAddress inet) {
            return inet;
        }
        throw new IllegalArgumentException("Unsupported address type");
    }

    private static InetSocketAddress resolved(@Nullable SocketAddress address) throws SocketException {
        var inet = inet(address);
        if (inet.isUnresolved()) {
            throw new SocketException("Unresolved address");
        }
        return inet;
    }

    @Override
    public void bind(@Nullable SocketAddress address) throws SocketException {
        var local = address == null ? null : inet(address);
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        call(() -> channel.bind(local));
    }

    @Override
    public void connect(InetAddress address, int port) {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        try {
            connect(new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void connect(SocketAddress address) throws SocketException {
        var peer = resolved(address);
        if (!isClosed()) {
            call(() -> channel.connect(peer, true));
        }
    }

    @Override
    public void disconnect() {
        try {
            channel.disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isBound() {
        return channel.local() != null;
    }

    @Override
    public boolean isConnected() {
        return channel.remote() != null;
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        var remote = channel.remote();
        return remote == null ? null : remote.getAddress();
    }

    @Override
    public int getPort() {
        var remote = channel.remote();
        return remote == null ? -1 : remote.getPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return channel.remote();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return isClosed() ? null : channel.local();
    }

    @Override
    public @Nullable InetAddress getLocalAddress() {
        if (isClosed()) {
            return null;
        }
        var local = channel.local();
        return (local != null ? local : new InetSocketAddress(0)).getAddress();
    }

    @Override
    public int getLocalPort() {
        if (isClosed()) {
            return -1;
        }
        var local = channel.local();
        return local == null ? 0 : local.getPort();
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        requireBlocking();
        synchronized (packet) {
            packets.send(packet);
        }
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        requireBlocking();
        synchronized (packet) {
            packets.receive(packet, timeout);
        }
    }

    private void requireBlocking() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket closed");
        }
        if (!channel.isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    private void requireOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        requireOpen();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeout = millis;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        requireOpen();
        return timeout;
    }

    private <T> void set(SocketOption<T> option, T value) throws SocketException {
        call(() -> channel.setOption(option, value));
    }

    private <T> T get(SocketOption<T> option) throws SocketException {
        return call(() -> channel.getOption(option));
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        requirePositive(size);
        set(StandardSocketOptions.SO_SNDBUF, size);
    }

    private static void requirePositive(int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("a buffer has more than " + size + " bytes");
        }
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        requirePositive(size);
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_BROADCAST, on);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return get(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        set(StandardSocketOptions.IP_TOS, trafficClass);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return get(StandardSocketOptions.IP_TOS);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isClosed() {
        // The constructor of DatagramSocket asks.
        return channel == null || !channel.isOpen();
    }

    @Override
    public DatagramChannel getChannel() {
        return channel;
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> option, T value) throws IOException {
        channel.setOption(option, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        return channel.getOption(option);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    // Of MulticastSocket

    @Override
    public void setTimeToLive(int ttl) throws IOException {
        set(StandardSocketOptions.IP_MULTICAST_TTL, ttl);
    }

    @Override
    public int getTimeToLive() throws IOException {
        return get(StandardSocketOptions.IP_MULTICAST_TTL);
    }

    @Deprecated
    @Override
    public void setInterface(InetAddress address) throws SocketException {
        if (address == null) {
            throw new SocketException("Invalid value 'null'");
        }
        var found = NetworkInterface.getByInetAddress(address);
        if (found == null) {
            throw new SocketException("No network interface found with address " + address.getHostAddress());
        }
        setNetworkInterface(found);
        outgoing = found;
        outgoingAddress = address;
    }

    @Deprecated
    @Override
    public InetAddress getInterface() throws SocketException {
        var now = get(StandardSocketOptions.IP_MULTICAST_IF);
        if (now == null) {
            return new InetSocketAddress(0).getAddress();
        }
        if (now.equals(outgoing) && outgoingAddress != null) {
            return outgoingAddress;
        }
        return now.inetAddresses().findFirst().orElseGet(() -> new InetSocketAddress(0).getAddress());
    }

    @Override
    public void setNetworkInterface(NetworkInterface on) throws SocketException {
        set(StandardSocketOptions.IP_MULTICAST_IF, on);
    }

    @Override
    public @Nullable NetworkInterface getNetworkInterface() throws SocketException {
        var now = get(StandardSocketOptions.IP_MULTICAST_IF);
        return now != null ? now : NoInterface.PLACEHOLDER;
    }

    /** What java.net has for no interface: one of index 0. Null if java.net is not open to this module. */
    private static final class NoInterface {

        static final @Nullable NetworkInterface PLACEHOLDER = make();

        private static @Nullable NetworkInterface make() {
            try {
                var any = new InetSocketAddress(0).getAddress();
                var constructor = NetworkInterface.class
                        .getDeclaredConstructor(String.class, int.class, InetAddress[].class);
                constructor.setAccessible(true);
                return constructor.newInstance(any.getHostName(), 0, new InetAddress[]{any});
            } catch (ReflectiveOperationException | RuntimeException e) {
                return null;
            }
        }
    }

    @Deprecated
    @Override
    public void setLoopbackMode(boolean disable) throws SocketException {
        set(StandardSocketOptions.IP_MULTICAST_LOOP, !disable);
    }

    @Deprecated
    @Override
    public boolean getLoopbackMode() throws SocketException {
        return !get(StandardSocketOptions.IP_MULTICAST_LOOP);
    }

    @Deprecated
    @Override
    public void joinGroup(InetAddress address) throws IOException {
        try {
            joinGroup(new InetSocketAddress(Objects.requireNonNull(address), 0), null);
        } catch (IllegalArgumentException e) {
            throw new SocketException("joinGroup failed", e);
        }
    }

    @Deprecated
    @Override
    public void leaveGroup(InetAddress address) throws IOException {
        try {
            leaveGroup(new InetSocketAddress(Objects.requireNonNull(address), 0), null);
        } catch (IllegalArgumentException e) {
            throw new SocketException("leaveGroup failed", e);
        }
    }

    @Override
    public void joinGroup(SocketAddress address, @Nullable NetworkInterface on) throws IOException {
        requireOpen();
        channel.memberships().joinForSocket(group(address), on);
    }

    @Override
    public void leaveGroup(SocketAddress address, @Nullable NetworkInterface on) throws IOException {
        requireOpen();
        channel.memberships().leaveForSocket(group(address), on);
    }

    static InetAddress group(SocketAddress address) throws SocketException {
        var inet = inet(address);
        if (inet.isUnresolved()) {
            throw new IllegalArgumentException("Unresolved address");
        }
        if (!inet.getAddress().isMulticastAddress()) {
            throw new SocketException("Not a multicast address");
        }
        return inet.getAddress();
    }
}
