package dev.salvo.nio.internal.channel;

import dev.salvo.linux.SyscallException;
import dev.salvo.nio.internal.endpoint.Endpoint;
import dev.salvo.nio.internal.endpoint.NetErrors;
import dev.salvo.socket.Multicast;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The groups that a channel has joined. */
final class Memberships {

    /** A group on an interface, for all sources or for one. */
    private final class Key extends MembershipKey {

        private final InetAddress group;
        private final @Nullable NetworkInterface on;
        private final @Nullable InetAddress source;
        /** The index that was asked for, 0 for none, and the one that was joined. */
        private final int asked;
        private final int index;
        private final Set<InetAddress> blocked = new HashSet<>();
        private volatile boolean valid = true;

        private Key(InetAddress group, @Nullable NetworkInterface on, @Nullable InetAddress source, int asked,
                int index) {
            this.group = group;
            this.on = on;
            this.source = source;
            this.asked = asked;
            this.index = index;
        }

        @Override
        public boolean isValid() {
            return valid;
        }

        @Override
        public void drop() {
            leave(this);
        }

        @Override
        public MembershipKey block(InetAddress from) throws IOException {
            Memberships.this.block(this, from);
            return this;
        }

        @Override
        public MembershipKey unblock(InetAddress from) {
            Memberships.this.unblock(this, from);
            return this;
        }

        @Override
        public DatagramChannel channel() {
            return channel;
        }

        @Override
        public InetAddress group() {
            return group;
        }

        @Override
        public NetworkInterface networkInterface() {
            return Objects.requireNonNull(on, "a membership by a socket has no key");
        }

        @Override
        public @Nullable InetAddress sourceAddress() {
            return source;
        }

        @Override
        public String toString() {
            return "<" + group.getHostAddress() + "," + (on != null ? on.getName() : index)
                    + (source != null ? "," + source.getHostAddress() : "") + ">";
        }
    }

    private final UdpChannel channel;
    private final Endpoint endpoint;
    private final List<Key> keys = new ArrayList<>();

    Memberships(UdpChannel channel, Endpoint endpoint) {
        this.channel = channel;
        this.endpoint = endpoint;
    }

    private static SockAddr address(InetAddress inet) {
        return SockAddr.of(inet, 0);
    }

    MembershipKey join(InetAddress group, NetworkInterface on, @Nullable InetAddress source) throws IOException {
        if (!group.isMulticastAddress()) {
            throw new IllegalArgumentException("not a multicast address: " + group);
        }
        requireFamily(group);
        if (source != null) {
            requireSource(source, group);
        }
        Objects.requireNonNull(on);
        endpoint.lock.lock();
        try {
            if (!channel.isOpen()) {
                throw new ClosedChannelException();
            }
            var known = find(group, on, source);
            if (known != null) {
                return known;
            }
            for (var each : keys) {
                if (each.group.equals(group) && on.equals(each.on) && (each.source == null || source == null)) {
                    throw new IllegalStateException("already a member of " + each);
                }
            }
            var key = new Key(group, on, source, on.getIndex(), join(group, source, on.getIndex()));
            keys.add(key);
            return key;
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        } finally {
            endpoint.lock.unlock();
        }
    }

    private void requireFamily(InetAddress group) {
        if (group instanceof Inet6Address && !endpoint.isIpv6()) {
            throw new IllegalArgumentException("an IPv4 channel can't join the IPv6 group " + group);
        }
    }

    /**
     * Joins a group as DatagramSocket does.
     *
     * @param on null for the outgoing interface, or else the one that the routes select
     * @throws SocketException if it is joined already
     */
    void joinForSocket(InetAddress group, @Nullable NetworkInterface on) throws IOException {
        requireFamily(group);
        endpoint.lock.lock();
        try {
            var index = on != null ? on.getIndex() : channel.outgoingIndex();
            if (findIndex(group, index) != null) {
                throw new SocketException("Already a member of group");
            }
            keys.add(new Key(group, on, null, index, join(group, null, index)));
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        } finally {
            endpoint.lock.unlock();
        }
    }

    /** Leaves what {@link #joinForSocket} has joined. */
    void leaveForSocket(InetAddress group, @Nullable NetworkInterface on) throws IOException {
        endpoint.lock.lock();
        try {
            var key = findIndex(group, on != null ? on.getIndex() : channel.outgoingIndex());
            if (key == null) {
                throw new SocketException("Not a member of group");
            }
            leave(key);
        } finally {
            endpoint.lock.unlock();
        }
    }

    private @Nullable Key findIndex(InetAddress group, int index) {
        for (var each : keys) {
            if (each.group.equals(group) && each.asked == index && each.source == null) {
                return each;
            }
        }
        return null;
    }

    private int join(InetAddress group, @Nullable InetAddress source, int index) throws SyscallException {
        return source == null
                ? Multicast.join(endpoint.socket(), address(group), index)
                : Multicast.joinSource(endpoint.socket(), address(group), address(source), index);
    }

    private static void requireSource(InetAddress source, InetAddress group) {
        if (source.isAnyLocalAddress() || source.isMulticastAddress()) {
            throw new IllegalArgumentException("not the address of a source: " + source);
        }
        if (source.getClass() != group.getClass()) {
            throw new IllegalArgumentException("source " + source + " and group " + group + " are of two families");
        }
    }

    @Nullable
    MembershipKey find(InetAddress group, NetworkInterface on, @Nullable InetAddress source) {
        for (var each : keys) {
            if (each.group.equals(group) && on.equals(each.on) && Objects.equals(each.source, source)) {
                return each;
            }
        }
        return null;
    }

    private void leave(Key key) {
        endpoint.lock.lock();
        try {
            if (!key.valid) {
                return;
            }
            key.valid = false;
            keys.remove(key);
            if (key.source == null) {
                Multicast.leave(endpoint.socket(), address(key.group), key.index);
            } else {
                Multicast.leaveSource(endpoint.socket(), address(key.group), address(key.source), key.index);
            }
        } catch (SyscallException e) {
            // The interface is gone, and the membership with it, or another holder of the socket has left.
        } finally {
            endpoint.lock.unlock();
        }
    }

    private void block(Key key, InetAddress source) throws IOException {
        endpoint.lock.lock();
        try {
            if (key.source != null) {
                throw new IllegalStateException("the key is of one source");
            }
            if (!key.blocked.contains(source)) {
                requireValid(key);
                requireSource(source, key.group);
                Multicast.blockSource(endpoint.socket(), address(key.group), address(source), key.index);
                key.blocked.add(source);
            }
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        } finally {
            endpoint.lock.unlock();
        }
    }

    private void unblock(Key key, InetAddress source) {
        endpoint.lock.lock();
        try {
            if (!key.blocked.contains(source)) {
                throw new IllegalStateException(source + " is not blocked");
            }
            requireValid(key);
            key.blocked.remove(source);
            Multicast.unblockSource(endpoint.socket(), address(key.group), address(source), key.index);
        } catch (SyscallException e) {
            // The interface is gone, and the membership with it.
        } finally {
            endpoint.lock.unlock();
        }
    }

    private static void requireValid(Key key) {
        if (!key.valid) {
            throw new IllegalStateException("the key is no longer valid");
        }
    }

    /** The channel is closed, and the memberships with it. */
    void invalidate() {
        keys.forEach(key -> key.valid = false);
        keys.clear();
    }
}
