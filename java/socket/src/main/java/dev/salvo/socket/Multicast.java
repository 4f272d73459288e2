package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.group_req;
import dev.salvo.bindings.group_source_req;
import dev.salvo.socket.internal.AddressLiteral;
import dev.salvo.socket.internal.InterfaceSpec;
import dev.salvo.socket.internal.SyscallErrors;
import dev.salvo.socket.option.OutgoingInterface;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * Membership in multicast groups, and the interfaces that it takes. Sending to a group needs no membership.
 *
 * <p>A membership is of one group on one interface, and a socket may have many. It ends with {@link #leave}, and when
 * the last descriptor of the socket is closed. What a socket hears is decided by its address too: it must be bound to
 * the port, and to the wildcard or the group. And while MULTICAST_ALL of its family is on, as it is unless it was
 * switched off, a socket also hears the groups that any other socket of this host joined; but of a group that it has
 * joined itself, never a source that its membership leaves out.
 *
 * <p>An IPv6 socket that is bound to {@code ::} without V6ONLY may join IPv4 groups too, given as IPv4 addresses or as
 * IPv4-mapped ones. Each family has its own MULTICAST_ALL, loop, TTL and outgoing interface, on such a socket as well.
 */
public final class Multicast {

    private Multicast() {}

    /**
     * Joins a group on one interface.
     *
     * @param socket of the calling thread, bound or not yet
     * @param group an IPv4 or IPv6 group; its port is ignored
     * @param interfaceIndex the interface; 0 for the one of the group's scope id, or, without one, for that by which
     *     the kernel would send to the group, which need not be where its datagrams come in
     * @throws SyscallException EADDRINUSE if it is a member already, of an IPv6 group with index 0 on any interface;
     *     EINVAL if {@code group} is no multicast group; ENODEV if there is no such interface, or no route to choose it
     *     by; ENOPROTOOPT for an IPv6 group on an IPv4 socket; ENOBUFS for more IPv4 groups than
     *     net.ipv4.igmp_max_memberships, 20 unless set, and ENOMEM for more of either family than net.core.optmem_max
     *     has room for
     */
    public static void join(UdpSocket socket, SockAddr group, int interfaceIndex) throws SyscallException {
        request(socket, Linux.MCAST_JOIN_GROUP(), "MCAST_JOIN_GROUP", group, interfaceIndex);
    }

    /**
     * Leaves a group on one interface.
     *
     * @param socket of the calling thread
     * @param group as for {@link #join}
     * @param interfaceIndex the same as for {@link #join}. For an IPv6 group, 0 leaves it on whichever interface it was
     *     joined last; for an IPv4 group, on the one that the routes say now
     * @throws SyscallException EADDRNOTAVAIL if it is no member; for what is no IPv6 group EINVAL
     */
    public static void leave(UdpSocket socket, SockAddr group, int interfaceIndex) throws SyscallException {
        request(socket, Linux.MCAST_LEAVE_GROUP(), "MCAST_LEAVE_GROUP", group, interfaceIndex);
    }

    /**
     * Joins a group for one source: of what is sent to it, that of the sources joined is heard and nothing else. The
     * first source makes the membership, each further one adds to it. A membership by {@link #join} becomes one of this
     * source alone, unless sources have been blocked for it.
     *
     * @param socket of the calling thread, bound or not yet
     * @param group as for {@link #join}
     * @param source the address of the sender, of the group's family; its port is ignored
     * @param interfaceIndex as for {@link #join}
     * @throws SyscallException as for {@link #join}; EADDRNOTAVAIL if the source is joined already, or of another
     *     family; EINVAL if sources have been blocked for the membership; ENOBUFS for more sources of a group than
     *     net.ipv4.igmp_max_msf, 10 unless set, or net.ipv6.mld_max_msf, 64 unless set
     */
    public static void joinSource(UdpSocket socket, SockAddr group, SockAddr source, int interfaceIndex)
            throws SyscallException {
        request(socket, Linux.MCAST_JOIN_SOURCE_GROUP(), "MCAST_JOIN_SOURCE_GROUP", group, source, interfaceIndex);
    }

    /**
     * Leaves one source of a group; with the last, or by {@link #leave}, the membership ends.
     *
     * @param socket of the calling thread
     * @param group as it was joined
     * @param source as it was joined
     * @param interfaceIndex as it was joined
     * @throws SyscallException EADDRNOTAVAIL if the source was not joined; EINVAL if no source was, or sources have
     *     been blocked; ENODEV if there is no such interface. On a membership by {@link #join} for which none have been
     *     blocked it is EADDRNOTAVAIL as well, and Linux then hears nothing for it until it is left and joined anew
     */
    public static void leaveSource(UdpSocket socket, SockAddr group, SockAddr source, int interfaceIndex)
            throws SyscallException {
        request(socket, Linux.MCAST_LEAVE_SOURCE_GROUP(), "MCAST_LEAVE_SOURCE_GROUP", group, source, interfaceIndex);
    }

    /**
     * Hears a source no longer in a group that was joined by {@link #join}.
     *
     * @param socket of the calling thread
     * @param group as it was joined
     * @param source as for {@link #joinSource}
     * @param interfaceIndex as it was joined
     * @throws SyscallException EINVAL if the group was not joined, or for sources; EADDRNOTAVAIL if the source is
     *     blocked already, or of another family; ENODEV if there is no such interface; ENOBUFS as for
     *     {@link #joinSource}
     */
    public static void blockSource(UdpSocket socket, SockAddr group, SockAddr source, int interfaceIndex)
            throws SyscallException {
        request(socket, Linux.MCAST_BLOCK_SOURCE(), "MCAST_BLOCK_SOURCE", group, source, interfaceIndex);
    }

    /**
     * Hears a source again that was blocked.
     *
     * @param socket of the calling thread
     * @param group as it was joined
     * @param source as it was blocked
     * @param interfaceIndex as it was joined
     * @throws SyscallException EADDRNOTAVAIL if the source was not blocked; EINVAL if the group was not joined, or for
     *     sources; ENODEV if there is no such interface
     */
    public static void unblockSource(UdpSocket socket, SockAddr group, SockAddr source, int interfaceIndex)
            throws SyscallException {
        request(socket, Linux.MCAST_UNBLOCK_SOURCE(), "MCAST_UNBLOCK_SOURCE", group, source, interfaceIndex);
    }

    private static void request(UdpSocket socket, int option, String name, SockAddr group, int interfaceIndex)
            throws SyscallException {
        var plain = plain(group);
        try (var arena = Arena.ofConfined()) {
            var request = arena.allocate(group_req.layout());
            group_req.gr_interface(request, index(plain, interfaceIndex));
            plain.store(request, group_req.gr_group$offset());
            request(socket, option, request, plain, () -> name + " " + literal(plain) + " on interface "
                    + index(plain, interfaceIndex));
        }
    }

    private static void request(UdpSocket socket, int option, String name, SockAddr group, SockAddr source,
            int interfaceIndex) throws SyscallException {
        var plain = plain(group);
        try (var arena = Arena.ofConfined()) {
            var request = arena.allocate(group_source_req.layout());
            group_source_req.gsr_interface(request, index(plain, interfaceIndex));
            plain.store(request, group_source_req.gsr_group$offset());
            plain(source).store(request, group_source_req.gsr_source$offset());
            request(socket, option, request, plain, () -> name + " " + literal(plain) + " from "
                    + literal(plain(source)) + " on interface " + index(plain, interfaceIndex));
        }
    }

    private static void request(UdpSocket socket, int option, MemorySegment request, SockAddr group,
            Supplier<String> what) throws SyscallException {
        var fd = socket.fileDescriptor();
        var level = group.isIpv6() ? Linux.IPPROTO_IPV6() : Linux.IPPROTO_IP();
        var result = fd.kernel().setsockopt(fd.number(), level, option, request, (int) request.byteSize());
        if (result < 0) {
            SyscallErrors.check("setsockopt", what.get(), result);
        }
    }

    private static SockAddr plain(SockAddr address) {
        return address.isIpv4Mapped() ? SockAddr.of(AddressLiteral.unmapped(address.address()), 0) : address;
    }

    private static int index(SockAddr group, int interfaceIndex) {
        return interfaceIndex != 0 ? interfaceIndex : group.scopeId();
    }

    private static String literal(SockAddr address) {
        return address.toInetSocketAddress().getAddress().getHostAddress();
    }

    /**
     * The index of an interface that is given as text. It is looked up anew at each call, in the network namespace of
     * the calling thread.
     *
     * @param spec a name, {@code eth0}; an index, {@code 2}; or an address of the interface: {@code 192.168.0.1},
     *     {@code ::1}, {@code fe80::1%eth0}. Of several interfaces with one address the first is taken
     * @return the index; 0, which lets the kernel choose, for "", {@code 0}, {@code 0.0.0.0} and {@code ::}
     * @throws IllegalArgumentException if {@code spec} cannot be an interface
     * @throws SyscallException ENODEV if no interface has this name, index or address
     */
    public static int interfaceIndex(String spec) throws SyscallException {
        return InterfaceSpec.index(spec);
    }

    /**
     * The value of IP_MULTICAST_IF for an interface that is given as text.
     *
     * @param spec as for {@link #interfaceIndex}
     * @return its index and, so that the option reads as something, an address: the one in {@code spec} if that is
     * IPv4, else the first IPv4 one that the interface has, or 0.0.0.0
     * @throws IllegalArgumentException if {@code spec} cannot be an interface
     * @throws SyscallException ENODEV if no interface has this name, index or address
     */
    public static OutgoingInterface outgoingInterface(String spec) throws SyscallException {
        var index = InterfaceSpec.index(spec);
        return new OutgoingInterface(InterfaceSpec.ipv4Address(spec, index), index);
    }
}
