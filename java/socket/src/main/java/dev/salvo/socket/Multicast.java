package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.group_req;
import dev.salvo.bindings.group_source_req;
import dev.salvo.kernel.AddressLiteral;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.GroupInterfaces;
import dev.salvo.socket.internal.descriptor.InterfaceSpec;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import dev.salvo.socket.option.OutgoingInterface;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Membership in multicast groups, and the interfaces that memberships are on. Sending to a group needs no membership.
 *
 * <p>
 * A membership is for one group on one interface, and a socket may have many memberships. A membership ends with
 * {@link #leave}, or when the last descriptor of the socket is closed.
 *
 * <p>
 * What a socket receives depends on its own address, too: it must be bound to the destination port of the datagrams,
 * and to the wildcard address or to the group. While MULTICAST_ALL of its family is on, as it is by default, a socket
 * also receives what is sent to groups that any other socket of this host has joined. But in a group that it has joined
 * itself, it never receives from a source that its own membership excludes.
 *
 * <p>
 * An IPv6 socket that is bound to {@code ::} without V6ONLY can join IPv4 groups, too, given as IPv4 addresses or as
 * IPv4-mapped ones. On such a socket, too, each family has its own MULTICAST_ALL, loop, TTL and outgoing interface.
 */
public final class Multicast {

    private Multicast() {}

    /**
     * Joins a group on one interface.
     *
     * @param socket a socket of the calling thread, bound or not yet bound
     * @param group an IPv4 or IPv6 group; its port is ignored
     * @param interfaceIndex the index of the interface; 0 for the interface of the group's scope id. If the group has
     *     no scope id, 0 selects the interface by which the kernel would send to the group, which need not be the one
     *     that the group's datagrams arrive on
     * @return the index of the interface on which the group is now joined. {@link #leave} takes it even after the
     * interface is gone, or the routes select another. It is 0 if the kernel chose the interface and does not tell
     * which: it is asked for every interface that this thread or the socket can list, which are all of the thread's
     * network namespace, but in another namespace only those with an IPv4 address
     * @throws SyscallException EADDRINUSE if the socket is already a member, for an IPv6 group with index 0 on any
     *     interface; EINVAL if {@code group} is not a multicast group; ENODEV if there is no such interface, or no
     *     route to choose one by; ENOPROTOOPT for an IPv6 group on an IPv4 socket; ENOBUFS for more IPv4 groups than
     *     net.ipv4.igmp_max_memberships (20 by default); ENOMEM if the memberships of either family need more memory
     *     than net.core.optmem_max
     */
    public static int join(UdpSocket socket, SockAddr group, int interfaceIndex) throws SyscallException {
        return joined(socket, Linux.MCAST_JOIN_GROUP(), "MCAST_JOIN_GROUP", group, null, interfaceIndex);
    }

    /**
     * Leaves a group on one interface.
     *
     * @param socket a socket of the calling thread
     * @param group as for {@link #join}
     * @param interfaceIndex what {@link #join} returned. The interface need not exist any more: until it is left, a
     *     membership counts towards the limits of {@link #join}, even if the interface was removed. With 0, an IPv6
     *     group is left on the interface on which it was joined last, whichever that is; an IPv4 group on the interface
     *     that the routes select now
     * @throws SyscallException EADDRNOTAVAIL if the socket is not a member; EINVAL for an IPv6 address that is not a
     *     group; ENODEV for an IPv4 group with index 0, if there is no route to choose an interface by
     */
    public static void leave(UdpSocket socket, SockAddr group, int interfaceIndex) throws SyscallException {
        request(socket, Linux.MCAST_LEAVE_GROUP(), "MCAST_LEAVE_GROUP", group, null, interfaceIndex);
    }

    /**
     * Joins a group for one source: of the datagrams that are sent to the group, the socket receives those from the
     * joined sources only. The first source creates the membership, and each further one is added to it. If the socket
     * is already a member by {@link #join}, the membership changes into one for this source only, unless sources have
     * been blocked in it.
     *
     * @param socket a socket of the calling thread, bound or not yet bound
     * @param group as for {@link #join}
     * @param source the address of the sender, of the group's family; its port is ignored
     * @param interfaceIndex as for {@link #join}
     * @return as {@link #join}; also 0 if the kernel chose one of several interfaces on which the socket was already a
     * member of the group
     * @throws SyscallException as for {@link #join}; EADDRNOTAVAIL if the source is already joined, or is of another
     *     family; EINVAL if sources have been blocked in the membership; ENOBUFS for more sources in a group than
     *     net.ipv4.igmp_max_msf (10 by default) or net.ipv6.mld_max_msf (64 by default)
     */
    public static int joinSource(UdpSocket socket, SockAddr group, SockAddr source, int interfaceIndex)
            throws SyscallException {
        return joined(socket, Linux.MCAST_JOIN_SOURCE_GROUP(), "MCAST_JOIN_SOURCE_GROUP", group, source,
                interfaceIndex);
    }

    /**
     * Leaves one source of a group. The membership ends when its last source is left, or with {@link #leave}.
     *
     * @param socket a socket of the calling thread
     * @param group as passed to {@link #join}
     * @param source as passed to {@link #join}
     * @param interfaceIndex as passed to {@link #join}
     * @throws SyscallException EADDRNOTAVAIL if the source was not joined; EINVAL if no source was joined, or if
     *     sources have been blocked; ENODEV if there is no such interface. For a membership by {@link #join} in which
     *     no source has been blocked, it is EADDRNOTAVAIL, too, and Linux then delivers nothing for that membership
     *     until the group is left and joined again
     */
    public static void leaveSource(UdpSocket socket, SockAddr group, SockAddr source, int interfaceIndex)
            throws SyscallException {
        request(socket, Linux.MCAST_LEAVE_SOURCE_GROUP(), "MCAST_LEAVE_SOURCE_GROUP", group, source, interfaceIndex);
    }

    /**
     * Stops receiving from one source in a group that was joined by {@link #join}.
     *
     * @param socket a socket of the calling thread
     * @param group as passed to {@link #join}
     * @param source as for {@link #joinSource}
     * @param interfaceIndex as passed to {@link #join}
     * @throws SyscallException EINVAL if the group was not joined, or was joined by {@link #joinSource}; EADDRNOTAVAIL
     *     if the source is already blocked, or is of another family; ENODEV if there is no such interface; ENOBUFS as
     *     for {@link #joinSource}
     */
    public static void blockSource(UdpSocket socket, SockAddr group, SockAddr source, int interfaceIndex)
            throws SyscallException {
        request(socket, Linux.MCAST_BLOCK_SOURCE(), "MCAST_BLOCK_SOURCE", group, source, interfaceIndex);
    }

    /**
     * Receives again from a source that was blocked.
     *
     * @param socket a socket of the calling thread
     * @param group as passed to {@link #join}
     * @param source as it was blocked
     * @param interfaceIndex as passed to {@link #join}
     * @throws SyscallException EADDRNOTAVAIL if the source was not blocked; EINVAL if the group was not joined, or was
     *     joined by {@link #joinSource}; ENODEV if there is no such interface
     */
    public static void unblockSource(UdpSocket socket, SockAddr group, SockAddr source, int interfaceIndex)
            throws SyscallException {
        request(socket, Linux.MCAST_UNBLOCK_SOURCE(), "MCAST_UNBLOCK_SOURCE", group, source, interfaceIndex);
    }

    /**
     * Whether a socket has a membership in a group on an interface, by {@link #join} or by {@link #joinSource}.
     *
     * @param socket a socket of the calling thread
     * @param group as for {@link #join}
     * @param interfaceIndex the index of the interface; 0 is none. It need not exist any more, but for an IPv6 group
     *     older kernels, Linux 5.10 for one, then report no membership
     * @return true if it has one
     */
    public static boolean isMember(UdpSocket socket, SockAddr group, int interfaceIndex) {
        return new GroupInterfaces(socket.fileDescriptor(), plain(group)).isMember(interfaceIndex);
    }

    /** Makes a request that may begin a membership. If the kernel chooses the interface, finds out which. */
    private static int joined(UdpSocket socket, int option, String name, SockAddr group, @Nullable SockAddr source,
            int interfaceIndex) throws SyscallException {
        var index = interfaceIndex != 0 ? interfaceIndex : plain(group).scopeId();
        if (index != 0) {
            request(socket, option, name, group, source, index);
            return index;
        }
        var memberships = new GroupInterfaces(socket.fileDescriptor(), plain(group));
        var before = memberships.indexes();
        request(socket, option, name, group, source, 0);
        var now = memberships.indexes();
        if (!now.equals(before)) {
            now.removeAll(before);
        }
        return now.size() == 1 ? now.iterator().next() : 0;
    }

    /** Makes a request for a group, or for a source of it. Both structs begin with the interface and the group. */
    private static void request(UdpSocket socket, int option, String name, SockAddr group, @Nullable SockAddr source,
            int interfaceIndex) throws SyscallException {
        var plain = plain(group);
        var index = interfaceIndex != 0 ? interfaceIndex : plain.scopeId();
        var fd = socket.fileDescriptor();
        try (var arena = Arena.ofConfined()) {
            var request = arena.allocate(source == null ? group_req.layout() : group_source_req.layout());
            group_req.gr_interface(request, index);
            Struct.store(plain, request, group_req.gr_group$offset());
            if (source != null) {
                Struct.store(plain(source), request, group_source_req.gsr_source$offset());
            }
            var level = plain.isIpv6() ? Linux.IPPROTO_IPV6() : Linux.IPPROTO_IP();
            var result = fd.kernel().setsockopt(fd.number(), level, option, request, (int) request.byteSize());
            if (result < 0) {
                var from = source == null ? "" : " from " + plain(source).host();
                SyscallErrors.check(
                        "setsockopt", name + " " + plain.host() + from + " on interface " + index, result);
            }
        }
    }

    private static SockAddr plain(SockAddr address) {
        return address.isIpv4Mapped() ? SockAddr.of(AddressLiteral.unmapped(address.address()), 0) : address;
    }

    /**
     * Finds the index of an interface that is given as text. Each call looks it up anew, in the network namespace of
     * the calling thread. For a socket that may be of another one, there is {@link #interfaceIndex(UdpSocket, String)}.
     *
     * @param spec a name, {@code eth0}; an index, {@code 2}; or an address of the interface: {@code 192.168.0.1},
     *     {@code ::1}, {@code fe80::1%eth0}; or the label of an IPv4 address, {@code eth0:1}. If several interfaces
     *     have the address or the label, the first one is taken
     * @return the index. It is 0, which lets the kernel choose, for "", {@code 0}, {@code 0.0.0.0} and {@code ::}
     * @throws IllegalArgumentException if {@code spec} cannot be the name, the index or an address of an interface, and
     *     is no label
     * @throws SyscallException ENODEV if no interface has this name, index or address; EMFILE or ENFILE if there are
     *     too many descriptors to ask
     */
    public static int interfaceIndex(String spec) throws SyscallException {
        return InterfaceSpec.index(spec);
    }

    /**
     * Makes a value of IP_MULTICAST_IF for an interface that is given as text, as
     * {@link #outgoingInterface(UdpSocket, String)}, but in the network namespace of the calling thread.
     *
     * @param spec as for {@link #interfaceIndex(String)}
     * @return as {@link #outgoingInterface(UdpSocket, String)}
     * @throws IllegalArgumentException if {@code spec} cannot be the name, the index or an address of an interface, and
     *     is no label
     * @throws SyscallException ENODEV if no interface has this name, index or address; EMFILE or ENFILE if there are
     *     too many descriptors to ask
     */
    public static OutgoingInterface outgoingInterface(String spec) throws SyscallException {
        var index = InterfaceSpec.index(spec);
        return new OutgoingInterface(InterfaceSpec.source(spec, index), index);
    }

    /**
     * Finds the index of an interface that is given as text, in the network namespace of a socket. A socket keeps the
     * namespace in which it was opened. So this finds the right interface for a socket that was adopted from a process
     * in another namespace, for instance a container. The kernel is asked on the socket itself (SIOCGIFINDEX,
     * SIOCGIFCONF), so no descriptor is opened, except for an IPv6 address.
     *
     * @param socket a socket of the calling thread
     * @param spec as for {@link #interfaceIndex(String)}
     * @return as for {@link #interfaceIndex(String)}. An index is returned as it is, without asking whether there is
     * such an interface: a membership of one that is gone can still be left
     * @throws IllegalArgumentException if {@code spec} cannot be the name, the index or an address of an interface
     * @throws SyscallException ENODEV if no interface has this name or address; EOPNOTSUPP for an IPv6 address if the
     *     socket is of another namespace than the calling thread, since the kernel then does not list IPv6 addresses
     */
    public static int interfaceIndex(UdpSocket socket, String spec) throws SyscallException {
        return InterfaceSpec.indexFor(socket.fileDescriptor(), spec);
    }

    /**
     * Makes a value of IP_MULTICAST_IF for an interface that is given as text.
     *
     * @param socket the socket that the value is for, in whose network namespace the interface is looked up, as by
     *     {@link #interfaceIndex(UdpSocket, String)}
     * @param spec as for {@link #interfaceIndex(String)}
     * @return the index of the interface, and with it the address in {@code spec} if that is IPv4. Without an address,
     * the kernel chooses the source address of each datagram: one that the interface has then, or of another interface
     * if it has none with a scope for groups. The option then reads as 0.0.0.0, since the kernel does not return the
     * index. With one, it is the source address, and sending fails with ENETUNREACH once the interface no longer has
     * it. For the loopback interface, the address is 127.0.0.1 unless another is given, since the kernel would send
     * from 0.0.0.0 as a rule
     * @throws IllegalArgumentException if {@code spec} cannot be the name, the index or an address of an interface
     * @throws SyscallException ENODEV if no interface has this name, index or address; EOPNOTSUPP as
     *     {@link #interfaceIndex(UdpSocket, String)}
     */
    public static OutgoingInterface outgoingInterface(UdpSocket socket, String spec) throws SyscallException {
        var index = InterfaceSpec.existingIndexFor(socket.fileDescriptor(), spec);
        return new OutgoingInterface(InterfaceSpec.source(spec, index), index);
    }
}
