package dev.salvo.protocol.internal.fake;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.MulticastJoinException;
import dev.salvo.protocol.internal.port.GroupRequest;
import dev.salvo.socket.SockAddr;
import java.net.InetAddress;
import java.util.HashMap;
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

    /** Identifies a membership, however its group and its interface are written. */
    private record Key(SockAddr group, int index) {
    }

    private final boolean ipv6;
    private final Map<Key, Membership> groups = new LinkedHashMap<>();
    /** The indexes of the interfaces that were named, in the order of their first use. */
    private final Map<String, Integer> indexes = new HashMap<>();

    public Memberships(boolean ipv6) {
        this.ipv6 = ipv6;
    }

    public Set<String> names() {
        return groups.values().stream().map(Membership::toString).collect(Collectors.toUnmodifiableSet());
    }

    /** A number is the index of its interface; each other name has the next number that is free. */
    private Key key(GroupRequest request) {
        var words = request.interfaceWords();
        int index = words.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(words) : indexes.getOrDefault(words, 0);
        for (int next = 1; index == 0; next++) {
            index = indexes.containsValue(next) ? 0 : next;
        }
        indexes.put(words, index);
        return new Key(request.groupAddress(), index);
    }

    private static Membership membership(GroupRequest request) {
        return new Membership(request.networkInterface().isEmpty()
                ? request.group()
                : request.group() + " on " + request.networkInterface());
    }

    private static MulticastJoinException refused(GroupRequest request, int errno) {
        return request.failed(new SyscallException("setsockopt", errno));
    }

    public int join(GroupRequest request) throws MulticastJoinException {
        requireGroup(request);
        var key = key(request);
        if (groups.putIfAbsent(key, membership(request)) != null) {
            throw refused(request, Errno.EADDRINUSE);
        }
        return key.index;
    }

    public void leave(GroupRequest request) throws MulticastJoinException {
        requireFamily(request);
        if (groups.remove(key(request)) == null) {
            throw refused(request, Errno.EADDRNOTAVAIL);
        }
    }

    public int joinSource(GroupRequest request) throws MulticastJoinException {
        requireGroup(request);
        var source = source(request);
        var key = key(request);
        var membership = groups.computeIfAbsent(key, any -> membership(request));
        add(request, membership, source, true);
        return key.index;
    }

    public void block(GroupRequest request) throws MulticastJoinException {
        requireGroup(request);
        var source = source(request);
        add(request, existing(request), source, false);
    }

    private static void add(GroupRequest request, Membership membership, InetAddress source, boolean joined)
            throws MulticastJoinException {
        requireKind(request, membership, joined);
        membership.joined = joined;
        membership.filtered = true;
        if (!membership.sources.add(source)) {
            throw refused(request, Errno.EADDRNOTAVAIL);
        }
    }

    public void leaveSource(GroupRequest request) throws MulticastJoinException {
        var membership = remove(request, true);
        if (membership.sources.isEmpty()) {
            groups.remove(key(request));
        }
    }

    public void unblock(GroupRequest request) throws MulticastJoinException {
        remove(request, false);
    }

    private Membership remove(GroupRequest request, boolean joined) throws MulticastJoinException {
        requireGroup(request);
        var source = source(request);
        var membership = existing(request);
        requireKind(request, membership, joined);
        if (!membership.sources.remove(source)) {
            throw refused(request, Errno.EADDRNOTAVAIL);
        }
        return membership;
    }

    private Membership existing(GroupRequest request) throws MulticastJoinException {
        var membership = groups.get(key(request));
        if (membership == null) {
            throw refused(request, Errno.EINVAL);
        }
        return membership;
    }

    private static void requireKind(GroupRequest request, Membership membership, boolean joined)
            throws MulticastJoinException {
        if (membership.filtered && membership.joined != joined) {
            throw refused(request, Errno.EINVAL);
        }
    }

    private void requireGroup(GroupRequest request) throws MulticastJoinException {
        requireFamily(request);
        if (!request.groupAddress().inetAddress().isMulticastAddress()) {
            throw refused(request, Errno.EINVAL);
        }
    }

    /**
     * An IPv4 socket does not have the IPv6 options; an IPv6 socket has both (ipv6_setsockopt of
     * net/ipv6/ipv6_sockglue.c).
     */
    private void requireFamily(GroupRequest request) throws MulticastJoinException {
        if (!ipv6 && request.groupAddress().isIpv6()) {
            throw refused(request, Errno.ENOPROTOOPT);
        }
    }

    private static InetAddress source(GroupRequest request) throws MulticastJoinException {
        var source = request.sourceAddress();
        if (source.isIpv6() != request.groupAddress().isIpv6()) {
            throw refused(request, Errno.EADDRNOTAVAIL);
        }
        return source.inetAddress();
    }
}
