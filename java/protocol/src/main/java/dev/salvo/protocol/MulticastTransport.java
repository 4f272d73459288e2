package dev.salvo.protocol;

import java.io.IOException;

/**
 * Multicast and broadcast. Every port can do both: IPv4 and IPv6 ports, and adopted ones.
 *
 * <p>
 * A port receives datagrams to its own address and to the groups that it has joined itself (IP_MULTICAST_ALL is off).
 * An adopted port keeps the options of its socket, so it may also receive groups that other sockets of the host have
 * joined. Sending to a group needs no membership.
 *
 * {@snippet file = "dev/salvo/examples/MulticastClient.java" region = "protocol"}
 *
 * <p>
 * A network interface is given by its name ({@code eth0}), by its index ({@code 2}), by one of its addresses or by the
 * label of one ({@code eth0:1}). With an empty string the kernel chooses the interface by its routes. Names and
 * addresses are looked up in the network namespace of the port's socket. If an adopted socket is of another namespace
 * than the reactor's thread, its interfaces can be given by name, by index and by IPv4 address; an IPv6 address is
 * EOPNOTSUPP, since the kernel can't be asked.
 *
 * <p>
 * A group must be left on the interface on which it was joined. A membership is of the index of an interface, which
 * joinGroup returns, and the port remembers it: the words of a join leave what that join has joined, even if the
 * interface has been removed since, or the name, the address or the default route now belongs to another. The kernel
 * keeps a membership of an interface that was removed, and counts it, until it is left. If the same words join the
 * group again after that, on a new interface, the port leaves the old one by itself.
 *
 * <p>
 * A protocol joins its groups in startProtocol:
 *
 * {@snippet file = "dev/salvo/examples/MulticastServer.java" region = "protocol"}
 *
 * <p>
 * A setter applies to what is written after it. The port first sends what was written before, as
 * {@link DatagramTransport#flush} does, since the kernel applies an option to everything that is sent from then on. If
 * the kernel does not accept all of it at present, the setter changes nothing and throws EAGAIN;
 * {@link DatagramProtocol#writable} is called when all is sent. A port without unsent datagrams never refuses so.
 *
 * <p>
 * All methods must be called on the reactor's thread. They throw IllegalStateException once the port is closed.
 */
public interface MulticastTransport {

    /**
     * Joins a group on the interface that the kernel chooses.
     *
     * @param group a multicast literal of the port's family; an IPv6 port that also receives IPv4 may join IPv4 groups
     * @return as {@link #joinGroup(String, String)}
     * @throws MulticastJoinException as {@link #joinGroup(String, String)}
     * @throws IllegalStateException as {@link #joinGroup(String, String)}
     * @throws InvalidAddressException if {@code group} is not a literal
     */
    default int joinGroup(String group) throws MulticastJoinException {
        return joinGroup(group, "");
    }

    /**
     * Joins a group: from now on the port receives the datagrams that are sent to the group and to the port's number.
     * For an IPv4 group these are the datagrams that arrive on the given interface. For an IPv6 group, datagrams are
     * also received that arrive on another interface, if any socket of this host has joined the group there: Linux
     * compares only the group.
     *
     * <p>
     * The port must listen on the wildcard address, or on the group itself. A connected port has the address of its
     * route and receives no group, also not one that it joined before. A socket that is bound to a device
     * (SO_BINDTODEVICE) receives a group only if it is joined on that device.
     *
     * @param group a multicast literal of the port's family; an IPv6 port that also receives IPv4 may join IPv4 groups.
     *     If it has a scope ({@code ff02::1%eth0}) and {@code networkInterface} is empty, the scope is the interface
     * @param networkInterface the interface: a name, an index, an address, or empty
     * @return the index of the interface on which the group is now joined, whose text leaves it again; 0 if the kernel
     * chose the interface and does not tell which, as {@link dev.salvo.socket.Multicast#join} explains
     * @throws MulticastJoinException EADDRINUSE if the port has already joined the group there, or on an interface that
     *     was removed and whose index a new one has: leave it first; EINVAL if {@code group} is not a multicast
     *     address; ENODEV if there is no such interface; ENOBUFS if the port has already joined
     *     net.ipv4.igmp_max_memberships groups; ENOPROTOOPT for an IPv6 group on an IPv4 port; EOPNOTSUPP for an IPv6
     *     address of an interface in another network namespace
     * @throws IllegalStateException if the port could not receive what is sent to the group: it listens on another
     *     address, is connected, or is for IPv6 alone (V6ONLY) and {@code group} is IPv4. The kernel would join it all
     *     the same; {@link dev.salvo.socket.Multicast#join} does
     * @throws InvalidAddressException if {@code group} is not a literal
     * @throws IllegalArgumentException if {@code networkInterface} is not a name, an index or an address
     */
    int joinGroup(String group, String networkInterface) throws MulticastJoinException;

    /**
     * Leaves a group that was joined without an interface.
     *
     * @param group the group, as passed to the join
     * @throws MulticastJoinException EADDRNOTAVAIL if the port has not joined the group
     * @throws InvalidAddressException if {@code group} is not a literal
     */
    default void leaveGroup(String group) throws MulticastJoinException {
        leaveGroup(group, "");
    }

    /**
     * Leaves a group.
     *
     * @param group the group, as passed to the join
     * @param networkInterface the interface: as passed to the join, or the text of the index that the join returned. If
     *     the same words have joined several interfaces, the one that was joined last. Other words for the interface
     *     are looked up now
     * @throws MulticastJoinException EADDRNOTAVAIL if the port has not joined the group there; ENODEV if
     *     {@code networkInterface} joined nothing and there is no such interface
     * @throws InvalidAddressException if {@code group} is not a literal
     * @throws IllegalArgumentException if {@code networkInterface} is not a name, an index or an address
     */
    void leaveGroup(String group, String networkInterface) throws MulticastJoinException;

    /**
     * Joins a group for one source. The port then receives datagrams to the group only from the sources that it has
     * joined; each call adds one. If the port had joined the group for all sources, it now receives from this source
     * only. That is not possible after sources were blocked.
     *
     * @param group as for {@link #joinGroup(String, String)}
     * @param source the sender's address, a literal of the group's family, whose scope is ignored
     * @param networkInterface as for {@link #joinGroup(String, String)}
     * @return as {@link #joinGroup(String, String)}
     * @throws MulticastJoinException as {@link #joinGroup(String, String)}; EADDRNOTAVAIL if the source is already
     *     joined there or is of another family than the group; EINVAL if sources were blocked; ENOBUFS if
     *     net.ipv4.igmp_max_msf (10) or net.ipv6.mld_max_msf (64) sources are already joined
     * @throws IllegalStateException as {@link #joinGroup(String, String)}
     * @throws InvalidAddressException if {@code group} or {@code source} is not a literal
     * @throws IllegalArgumentException if {@code networkInterface} is not a name, an index or an address
     */
    int joinSource(String group, String source, String networkInterface) throws MulticastJoinException;

    /**
     * Leaves one source of a group. Leaving the last source leaves the group. On an interface that no longer exists the
     * kernel leaves no single source: the first call leaves the group there for all of them.
     *
     * @param group the group, as passed to the join
     * @param source the source, as passed to the join
     * @param networkInterface the interface, as passed to the join
     * @throws MulticastJoinException EADDRNOTAVAIL if this source was not joined there; EINVAL if no source was; ENODEV
     *     if there is no such interface
     * @throws InvalidAddressException if {@code group} or {@code source} is not a literal
     * @throws IllegalArgumentException if {@code networkInterface} is not a name, an index or an address
     */
    void leaveSource(String group, String source, String networkInterface) throws MulticastJoinException;

    /**
     * Stops receiving from one source in a group that was joined for all sources.
     *
     * @param group the group, as passed to the join
     * @param source as for {@link #joinSource}
     * @param networkInterface the interface, as passed to the join
     * @throws MulticastJoinException EINVAL if the group was not joined there, or was joined for single sources;
     *     EADDRNOTAVAIL if the source is already blocked or is of another family than the group; ENOBUFS as for
     *     {@link #joinSource}; ENODEV if there is no such interface
     * @throws InvalidAddressException if {@code group} or {@code source} is not a literal
     * @throws IllegalArgumentException if {@code networkInterface} is not a name, an index or an address
     */
    void blockSource(String group, String source, String networkInterface) throws MulticastJoinException;

    /**
     * Receives again from a source that was blocked.
     *
     * @param group the group, as passed to the join
     * @param source the source, as it was blocked
     * @param networkInterface the interface, as passed to the join
     * @throws MulticastJoinException EADDRNOTAVAIL if the source was not blocked there; EINVAL if the group was not
     *     joined, or was joined for single sources; ENODEV if there is no such interface
     * @throws InvalidAddressException if {@code group} or {@code source} is not a literal
     * @throws IllegalArgumentException if {@code networkInterface} is not a name, an index or an address
     */
    void unblockSource(String group, String source, String networkInterface) throws MulticastJoinException;

    /**
     * Sets the time to live, or hop limit, of datagrams to groups: IP_MULTICAST_TTL or IPV6_MULTICAST_HOPS. Unicast
     * datagrams have their own, {@code IpOptions.TTL}.
     *
     * @param ttl 0 to 255. With 1, the kernel's default, datagrams stay on the link. With 0, they stay on this host if
     *     the group is joined here, on the outgoing interface, and loopback is on; otherwise Linux sends them like any
     *     others
     * @throws IllegalArgumentException if {@code ttl} is out of range
     * @throws IOException EAGAIN as above; another errno if the kernel refuses
     */
    void setTTL(int ttl) throws IOException;

    /**
     * The time to live, or hop limit, of datagrams to groups.
     *
     * @return 0 to 255
     * @throws IOException if the kernel refuses
     */
    int getTTL() throws IOException;

    /**
     * Sets whether group members on this host receive what this port sends to groups. They do by default. On Linux the
     * sender's setting decides, not the receiver's.
     *
     * @param on whether members on this host receive the datagrams
     * @throws IOException EAGAIN as above; another errno if the kernel refuses
     */
    void setLoopbackMode(boolean on) throws IOException;

    /**
     * Whether group members on this host receive what this port sends to groups.
     *
     * @return true if they do
     * @throws IOException if the kernel refuses
     */
    boolean getLoopbackMode() throws IOException;

    /**
     * Sets the interface through which datagrams to groups are sent. The kernel chooses their source when they are
     * sent, among the addresses of the interface if one has a scope for groups. Only if it is given by an IPv4 address,
     * IPv4 datagrams have that source as long as it is set, and fail with ENETUNREACH once the interface has lost it.
     * Those through the loopback interface have 127.0.0.1.
     *
     * @param networkInterface a name, an index, an address, or empty to let the kernel choose
     * @throws IllegalArgumentException if {@code networkInterface} is not a name, an index or an address
     * @throws IOException ENODEV if no interface has this name, index or address; EOPNOTSUPP for an IPv6 address of an
     *     interface in another network namespace; EAGAIN as above
     */
    void setOutgoingInterface(String networkInterface) throws IOException;

    /**
     * The interface through which datagrams to groups are sent, in a form that {@link #setOutgoingInterface} accepts
     * and that sets the same again.
     *
     * @return the index of the interface, or {@code 0} if the kernel chooses. On an IPv4 port it is the address if the
     * interface was given by one, here or by another holder of an adopted socket, {@code 127.0.0.1} for the loopback
     * interface, and {@code 0.0.0.0} if the kernel chooses. It is the index that was set, even if the interface is gone
     * @throws IOException if the kernel refuses
     */
    String getOutgoingInterface() throws IOException;

    /**
     * Sets whether datagrams may be sent to broadcast addresses (SO_BROADCAST). By default they may not, and the kernel
     * refuses them with EACCES.
     *
     * {@snippet file = "dev/salvo/examples/UdpBroadcast.java" region = "protocol"}
     *
     * @param allowed whether they may be sent
     * @throws IOException EAGAIN as above; another errno if the kernel refuses
     */
    void setBroadcastAllowed(boolean allowed) throws IOException;

    /**
     * Whether datagrams may be sent to broadcast addresses.
     *
     * @return true if they may
     * @throws IOException if the kernel refuses
     */
    boolean getBroadcastAllowed() throws IOException;
}
