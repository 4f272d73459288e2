package dev.salvo.protocol.internal.fake;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.MulticastJoinException;
import dev.salvo.protocol.internal.port.AddressChecks;
import dev.salvo.socket.SockAddr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The groups of a fake transport. It refuses the same calls as Linux (ip_mc_source in net/ipv4/igmp.c). */
public final class Memberships {

    /**
     * One group. Its sources are either all joined or all blocked; the first one decides, and sets {@code filtered}.
     */
    private static final class Membership {

        final String name;
        final Set<InetAddress> sources = new LinkedHashSet<>();
        boolean joined;
        boolean filtered;

        Membership(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            var list = sources.stream()
                    .map(source -> SockAddr.of(source, 0).host())
                    .collect(Collectors.joining(", "));
            return name + (joined ? " from " + list : sources.isEmpty() ? "" : " except " + list);
        }
    }

    /**
     * Identifies a membership by the canonical text of the group, with its scope: an address can be written in several
     * ways.
     */
    private record Key(String group, String networkInterface) {
    }

    /** The arguments of a call, which exceptions quote. */
    public record Request(String action, String group, String source, String networkInterface) {

        private Key key() {
            return new Key(literal(group).getHostAddress(), networkInterface);
        }

        private Membership membership() {
            return new Membership(networkInterface.isEmpty() ? group : group + " on " + networkInterface);
        }

        private MulticastJoinException refused(int errno) {
            return new MulticastJoinException(
                    action, group, source, networkInterface, new SyscallException("setsockopt", errno));
        }
    }

    private final boolean ipv6;
    private final Map<Key, Membership> groups = new LinkedHashMap<>();

    public Memberships(boolean ipv6) {
        this.ipv6 = ipv6;
    }

    public Set<String> names() {
        return groups.values().stream().map(Membership::toString).collect(Collectors.toUnmodifiableSet());
    }

    public void join(Request request) throws MulticastJoinException {
        requireGroup(request);
        if (groups.putIfAbsent(request.key(), request.membership()) != null) {
            throw request.refused(Errno.EADDRINUSE);
        }
    }

    public void leave(Request request) throws MulticastJoinException {
        requireFamily(request);
        if (groups.remove(request.key()) == null) {
            throw request.refused(Errno.EADDRNOTAVAIL);
        }
    }

    public void joinSource(Request request) throws MulticastJoinException {
        requireGroup(request);
        var source = source(request);
        var membership = groups.computeIfAbsent(request.key(), key -> request.membership());
        add(request, membership, source, true);
    }

    public void block(Request request) throws MulticastJoinException {
        requireGroup(request);
        var source = source(request);
        add(request, existing(request), source, false);
    }

    private static void add(Request request, Membership membership, InetAddress source, boolean joined)
            throws MulticastJoinException {
        requireKind(request, membership, joined);
        membership.joined = joined;
        membership.filtered = true;
        if (!membership.sources.add(source)) {
            throw request.refused(Errno.EADDRNOTAVAIL);
        }
    }

    public void leaveSource(Request request) throws MulticastJoinException {
        var membership = remove(request, true);
        if (membership.sources.isEmpty()) {
            groups.remove(request.key());
        }
    }

    public void unblock(Request request) throws MulticastJoinException {
        remove(request, false);
    }

    private Membership remove(Request request, boolean joined) throws MulticastJoinException {
        requireGroup(request);
        var source = source(request);
        var membership = existing(request);
        requireKind(request, membership, joined);
        if (!membership.sources.remove(source)) {
            throw request.refused(Errno.EADDRNOTAVAIL);
        }
        return membership;
    }

    private Membership existing(Request request) throws MulticastJoinException {
        var membership = groups.get(request.key());
        if (membership == null) {
            throw request.refused(Errno.EINVAL);
        }
        return membership;
    }

    private static void requireKind(Request request, Membership membership, boolean joined)
            throws MulticastJoinException {
        if (membership.filtered && membership.joined != joined) {
            throw request.refused(Errno.EINVAL);
        }
    }

    private void requireGroup(Request request) throws MulticastJoinException {
        requireFamily(request);
        if (!literal(request.group).isMulticastAddress()) {
            throw request.refused(Errno.EINVAL);
        }
    }

    /**
     * An IPv4 socket does not have the IPv6 options; an IPv6 socket has both (ipv6_setsockopt of
     * net/ipv6/ipv6_sockglue.c).
     */
    private void requireFamily(Request request) throws MulticastJoinException {
        if (!ipv6 && literal(request.group) instanceof Inet6Address) {
            throw request.refused(Errno.ENOPROTOOPT);
        }
    }

    private static InetAddress source(Request request) throws MulticastJoinException {
        var source = literal(request.source);
        if (source.getClass() != literal(request.group).getClass()) {
            throw request.refused(Errno.EADDRNOTAVAIL);
        }
        return source;
    }

    /** An IPv4-mapped literal is an IPv4 address here, as it is for a port. */
    private static InetAddress literal(String address) {
        return InetAddress.ofLiteral(AddressChecks.literal(address, 0).host());
    }
}
