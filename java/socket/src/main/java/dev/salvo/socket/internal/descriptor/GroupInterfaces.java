package dev.salvo.socket.internal.descriptor;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.LinuxExtras;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.Arena;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The interfaces on which a socket has joined a group. The kernel does not list them, but answers for each interface
 * whether the socket has a membership there: it returns its source filter, or EADDRNOTAVAIL (ip_mc_gsfget of
 * net/ipv4/igmp.c, ip6_mc_msfget of net/ipv6/mcast.c).
 */
public final class GroupInterfaces {

    private final FileDescriptor fd;
    private final NativeAddress group;

    /** @param group not IPv4-mapped */
    public GroupInterfaces(FileDescriptor fd, NativeAddress group) {
        this.fd = fd;
        this.group = group;
    }

    /** The indexes of the interfaces with a membership; empty if the interfaces can't be listed. */
    public Set<Integer> indexes() {
        var members = new LinkedHashSet<Integer>();
        try {
            for (var index : new SocketInterfaces(fd).indexes()) {
                if (isMember(index)) {
                    members.add(index);
                }
            }
        } catch (SyscallException e) {
            members.clear();
        }
        return members;
    }

    /** Whether the socket has a membership on an interface, which need not exist any more. */
    public boolean isMember(int index) {
        try (var arena = Arena.ofConfined()) {
            var filter = arena.allocate(LinuxExtras.GROUP_FILTER_HEAD, Long.BYTES);
            filter.set(JAVA_INT, LinuxExtras.GROUP_FILTER_INTERFACE, index);
            Struct.store(group, filter, LinuxExtras.GROUP_FILTER_GROUP);
            var length = arena.allocateFrom(JAVA_INT, LinuxExtras.GROUP_FILTER_HEAD);
            var level = Struct.isNativeIpv6(group) ? Linux.IPPROTO_IPV6() : Linux.IPPROTO_IP();
            return fd.kernel().getsockopt(fd.number(), level, Linux.MCAST_MSFILTER(), filter, length) >= 0;
        }
    }
}
