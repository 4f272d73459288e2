package dev.salvo.nio.internal.channel;

import dev.salvo.linux.SyscallException;
import dev.salvo.nio.internal.endpoint.Endpoint;
import dev.salvo.nio.internal.endpoint.NetErrors;
import dev.salvo.nio.internal.endpoint.Watcher;
import dev.salvo.socket.SocketStatistics;
import dev.salvo.socket.poll.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A DatagramChannel over an {@link Endpoint}. */
public final class UdpChannel extends DatagramChannel {

    private static final Cleaner FORGOTTEN = Cleaner.create();
    private static final int LONGER_THAN_ANY = 70_000;

    private final Endpoint endpoint;
    private final ChannelOptions options;
    private final Memberships memberships;

    private @Nullable InetSocketAddress local;
    private @Nullable InetSocketAddress remote;
    private @Nullable ChannelSocket socket;

    /** A channel of a socket that is not bound, or that was adopted. */
    public UdpChannel(SelectorProvider provider, Endpoint endpoint) throws IOException {
        super(provider);
        this.endpoint = endpoint;
        this.options = new ChannelOptions(endpoint);
        this.memberships = new Memberships(this, endpoint);
        endpoint.lock.lock();
        try {
            var bound = endpoint.localAddress();
            local = bound.getPort() == 0 ? null : bound;
            remote = endpoint.peerAddress();
        } finally {
            endpoint.lock.unlock();
        }
        FORGOTTEN.register(this, new Forgotten(endpoint));
    }

    /** Closes the socket of a channel that nobody has closed, and that nobody can use any more. */
    private record Forgotten(Endpoint endpoint) implements Runnable {
        @Override
        public void run() {
            endpoint.lock.lock();
            try {
                endpoint.close(false);
            } finally {
                endpoint.lock.unlock();
            }
        }
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    private void requireOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public DatagramSocket socket() {
        endpoint.lock.lock();
        try {
            var known = socket;
            if (known == null) {
                known = new ChannelSocket(this);
                socket = known;
            }
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            endpoint.lock.unlock();
        }
    }

    // The state

    @Override
    public DatagramChannel bind(@Nullable SocketAddress to) throws IOException {
        endpoint.lock.lock();
        try {
            requireOpen();
            if (local != null) {
                throw new AlreadyBoundException();
            }
            bindTo(to == null ? null : checked(to));
            return this;
        } finally {
            endpoint.lock.unlock();
        }
    }

    private void bindTo(@Nullable InetSocketAddress to) throws IOException {
        endpoint.bind(to != null ? to : new InetSocketAddress(endpoint.isIpv6() ? "::" : "0.0.0.0", 0));
        local = endpoint.localAddress();
    }

    private void requireBound() throws IOException {
        if (local == null) {
            bindTo(null);
        }
    }

    /** An address that a socket of this family can have or send to. */
    private InetSocketAddress checked(SocketAddress address) {
        Objects.requireNonNull(address);
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        if (!endpoint.isIpv6() && !(inet.getAddress() instanceof Inet4Address)) {
            throw new UnsupportedAddressTypeException();
        }
        return inet;
    }

    @Override
    public DatagramChannel connect(SocketAddress to) throws IOException {
        return connect(to, false);
    }

    /** @param again whether a connected channel may be connected to another peer */
    DatagramChannel connect(SocketAddress to, boolean again) throws IOException {
        var peer = checked(to);
        endpoint.lock.lock();
        try {
            requireOpen();
            if (remote != null) {
                if (!again) {
                    throw new AlreadyConnectedException();
                }
                endpoint.disconnect();
                remote = null;
            }
            if (peer.getPort() == 0) {
                throw new SocketException("can't connect to port 0");
            }
            requireBound();
            endpoint.connect(peer);
            remote = peer;
            local = endpoint.localAddress();
            return this;
        } finally {
            endpoint.lock.unlock();
        }
    }

    @Override
    public DatagramChannel disconnect() throws IOException {
        endpoint.lock.lock();
        try {
            if (isOpen() && remote != null) {
                remote = null;
                endpoint.disconnect();
                local = endpoint.localAddress();
            }
            return this;
        } finally {
            endpoint.lock.unlock();
        }
    }

    @Override
    public boolean isConnected() {
        return remote() != null;
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        endpoint.lock.lock();
        try {
            requireOpen();
            return remote;
        } finally {
            endpoint.lock.unlock();
        }
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        endpoint.lock.lock();
        try {
            requireOpen();
            return local;
        } finally {
            endpoint.lock.unlock();
        }
    }

    /** The peer, also of a closed channel. */
    @Nullable
    InetSocketAddress remote() {
        endpoint.lock.lock();
        try {
            return remote;
        } finally {
            endpoint.lock.unlock();
        }
    }

    /** The local address, also of a closed channel; null if it is not bound. */
    @Nullable
    InetSocketAddress local() {
        endpoint.lock.lock();
        try {
            return local;
        } finally {
            endpoint.lock.unlock();
        }
    }

    // Receiving. begin and end, which may close the channel, are called without the lock, since a close has locks of
    // its own before it takes this one.

    @Override
    public @Nullable SocketAddress receive(ByteBuffer target) throws IOException {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        requireOpen();
        InetSocketAddress source = null;
        var blocking = isBlocking();
        begin(blocking);
        try {
            endpoint.lock.lock();
            try {
                requireOpen();
                requireBound();
                if (fill(blocking, -1)) {
                    source = endpoint.source();
                    endpoint.copy(0, target);
                    endpoint.drop();
                }
            } finally {
                endpoint.lock.unlock();
            }
        } finally {
            end(blocking, source != null);
        }
        return source;
    }

    /** Takes the oldest datagram that an endpoint holds. */
    interface Taker {
        void take(Endpoint holder) throws IOException;
    }

    /**
     * Receives one datagram, and waits for it whether the channel is blocking or not.
     *
     * @param nanos how long to wait; negative for no limit
     * @param interruptible whether an interrupt closes the channel
     * @param into takes the datagram while the lock is held
     * @throws SocketTimeoutException if none came in time
     * @throws AsynchronousCloseException if the channel was closed meanwhile
     */
    void receive(long nanos, boolean interruptible, Taker into) throws IOException {
        requireOpen();
        var done = false;
        begin(interruptible);
        try {
            peek(nanos, holder -> {
                into.take(holder);
                holder.drop();
            });
            done = true;
        } finally {
            end(interruptible, done);
        }
    }

    /** As {@link #receive(long, boolean, Taker)} without interruption, but the datagram stays the next one. */
    void peek(long nanos, Taker into) throws IOException {
        endpoint.lock.lock();
        try {
            requireOpen();
            requireBound();
            if (fill(true, nanos)) {
                into.take(endpoint);
            } else if (isOpen()) {
                throw new SocketTimeoutException("Receive timed out");
            } else {
                throw new AsynchronousCloseException();
            }
        } finally {
            endpoint.lock.unlock();
        }
    }

    /** Waits for a datagram to be held. Returns false if the channel does not block, is closed, or the time ran out. */
    private boolean fill(boolean blocking, long nanos) throws IOException {
        return blocking ? endpoint.fillWaiting(nanos, this::goesOn) : endpoint.fill();
    }

    private boolean goesOn() {
        return isOpen() && !isInterruptedVirtual();
    }

    /** An interrupt of a platform thread closes the channel, or for a DatagramSocket does nothing. */
    private static boolean isInterruptedVirtual() {
        return Thread.currentThread().isVirtual() && Thread.currentThread().isInterrupted();
    }

    private void begin(boolean blocking) {
        if (blocking) {
            begin();
        }
    }

    private void end(boolean blocking, boolean completed) throws AsynchronousCloseException {
        if (blocking) {
            end(completed);
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is read-only");
        }
        return (int) read(target, null, 0, 0);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        for (int i = offset; i < offset + length; i++) {
            if (targets[i].isReadOnly()) {
                throw new IllegalArgumentException("a buffer is read-only");
            }
        }
        return read(null, targets, offset, length);
    }

    private long read(@Nullable ByteBuffer target, ByteBuffer @Nullable [] targets, int offset, int length)
            throws IOException {
        requireOpen();
        int read = 0;
        var done = false;
        var blocking = isBlocking();
        begin(blocking);
        try {
            endpoint.lock.lock();
            try {
                requireOpen();
                if (remote == null) {
                    throw new NotYetConnectedException();
                }
                if (fill(blocking, -1)) {
                    read = target != null ? endpoint.copy(0, target) : 0;
                    for (int i = offset; targets != null && i < offset + length; i++) {
                        read += endpoint.copy(read, targets[i]);
                    }
                    endpoint.drop();
                    done = true;
                }
            } finally {
                endpoint.lock.unlock();
            }
        } finally {
            end(blocking, done);
        }
        return read;
    }

    // Sending

    @Override
    public int send(ByteBuffer payload, SocketAddress target) throws IOException {
        Objects.requireNonNull(payload);
        return send(payload, checked(target), false);
    }

    @Override
    public int write(ByteBuffer payload) throws IOException {
        Objects.requireNonNull(payload);
        return send(payload, null, true);
    }

    /**
     * @param to null for the peer
     * @param connected whether there has to be a peer
     */
    private int send(ByteBuffer payload, @Nullable InetSocketAddress to, boolean connected) throws IOException {
        requireOpen();
        var sent = Endpoint.FULL;
        var blocking = isBlocking();
        begin(blocking);
        try {
            endpoint.lock.lock();
            try {
                requireOpen();
                if (remote == null && connected) {
                    throw new NotYetConnectedException();
                }
                requireBound();
                sent = sendWaiting(payload, to, blocking);
            } finally {
                endpoint.lock.unlock();
            }
        } finally {
            end(blocking, sent != Endpoint.FULL);
        }
        return Math.max(sent, 0);
    }

    /** Sends one datagram, and waits for room whether the channel is blocking or not; to the peer if there is one. */
    void sendBlocking(ByteBuffer payload, InetSocketAddress to) throws IOException {
        endpoint.lock.lock();
        try {
            requireOpen();
            requireBound();
            if (sendWaiting(payload, to, true) == Endpoint.FULL) {
                throw new AsynchronousCloseException();
            }
        } finally {
            endpoint.lock.unlock();
        }
    }

    private int sendWaiting(ByteBuffer payload, @Nullable InetSocketAddress target, boolean blocking)
            throws IOException {
        if (remote != null && target != null && !target.equals(remote)) {
            throw new AlreadyConnectedException();
        }
        var to = remote != null ? null : target;
        if (to != null && to.getPort() == 0) {
            throw new SocketException("Can't send to port 0");
        }
        var sent = endpoint.send(payload, to);
        while (sent == Endpoint.FULL && blocking) {
            endpoint.await(Readiness.WRITABLE, -1);
            if (!isOpen() || isInterruptedVirtual()) {
                return Endpoint.FULL;
            }
            sent = endpoint.send(payload, to);
        }
        if (sent > 0) {
            payload.position(payload.limit());
        }
        return sent;
    }

    @Override
    public long write(ByteBuffer[] payloads, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, payloads.length);
        if (length == 1) {
            return write(payloads[offset]);
        }
        long bytes = 0;
        for (int i = offset; i < offset + length; i++) {
            bytes += payloads[i].remaining();
        }
        // A datagram with more bytes than this is refused, as it would be with all of them.
        var whole = ByteBuffer.allocate((int) Math.min(bytes, LONGER_THAN_ANY));
        for (int i = offset; i < offset + length; i++) {
            var count = Math.min(payloads[i].remaining(), whole.remaining());
            whole.put(whole.position(), payloads[i], payloads[i].position(), count);
            whole.position(whole.position() + count);
        }
        var sent = write(whole.flip());
        if (sent > 0) {
            for (int i = offset; i < offset + length; i++) {
                payloads[i].position(payloads[i].limit());
            }
        }
        return sent;
    }

    /** What the socket has done. */
    public SocketStatistics statistics() {
        endpoint.lock.lock();
        try {
            return endpoint.socket().statistics();
        } finally {
            endpoint.lock.unlock();
        }
    }

    // Options and groups

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> option, T value) throws IOException {
        endpoint.lock.lock();
        try {
            options.requireValid(option, value);
            requireOpen();
            endpoint.flush();
            options.set(option, value);
            return this;
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        } finally {
            endpoint.lock.unlock();
        }
    }

    @Override
    public <T> T getOption(SocketOption<T> option) throws IOException {
        endpoint.lock.lock();
        try {
            options.requireSupported(option);
            requireOpen();
            return options.get(option);
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        } finally {
            endpoint.lock.unlock();
        }
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return ChannelOptions.supported();
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on) throws IOException {
        return memberships.join(group, on, null);
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        return memberships.join(group, on, Objects.requireNonNull(source));
    }

    /** The index of the interface for what is sent to groups; 0 if the kernel chooses. */
    int outgoingIndex() throws IOException {
        var outgoing = getOption(StandardSocketOptions.IP_MULTICAST_IF);
        return outgoing == null ? 0 : outgoing.getIndex();
    }

    Memberships memberships() {
        return memberships;
    }

    // The end

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        // The socket is non-blocking in either mode, and calls wait for it if they have to.
        endpoint.lock.lock();
        try {
            requireOpen();
            endpoint.flush();
        } finally {
            endpoint.lock.unlock();
        }
    }

    @Override
    protected void implCloseSelectableChannel() {
        // Asked without the lock: a registration has locks of its own before it takes this one.
        var registered = isRegistered();
        endpoint.lock.lock();
        try {
            memberships.invalidate();
            endpoint.close(registered);
        } finally {
            endpoint.lock.unlock();
        }
    }

    // For selectors

    /** Whether datagrams have been read ahead, which no selector of the kernel reports. */
    public boolean holds() {
        endpoint.lock.lock();
        try {
            return endpoint.holds();
        } finally {
            endpoint.lock.unlock();
        }
    }

    /** Sends what was deferred. */
    public void flush() {
        endpoint.lock.lock();
        try {
            endpoint.flush();
        } finally {
            endpoint.lock.unlock();
        }
    }

    /** No longer calls the watcher. */
    public void unwatch(Watcher watcher) {
        endpoint.lock.lock();
        try {
            endpoint.unwatch(watcher);
        } finally {
            endpoint.lock.unlock();
        }
    }

    /** Called by a selector that no longer watches this channel. */
    public void deregistered() {
        if (!isOpen() && !isRegistered()) {
            endpoint.lock.lock();
            try {
                endpoint.close(false);
            } finally {
                endpoint.lock.unlock();
            }
        }
    }
}
