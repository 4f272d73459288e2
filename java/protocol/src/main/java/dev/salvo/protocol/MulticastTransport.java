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
 * label of one ({@code eth0:1}). With an empty string the kernel chooses the interface by its routes. A group must be
 * left on the interface on which it was joined.
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
     * @throws MulticastJoinException as {@link #joinGroup(String, String)}
     * @throws InvalidAddressException if {@code group} is not a literal
     */
    default void joinGroup(String group) throws MulticastJoinException {
        joinGroup(group, "");
    }

    /**
     * Joins a group: from now on the port receives the datagrams that are sent to the group and to the port's number.
     * For an IPv4 group these are the datagrams that arrive on the given interface. For an IPv6 group, datagrams are
     * also received that arrive on another interface, if any socket of this host has joined the group there: Linux
     * compares only the group.
     *
     * @param group a multicast literal of the port's family; an IPv6 port that also receives IPv4 may join IPv4 groups
     * @param networkInterface the interface: a name, an index, an address, or empty
     * @throws MulticastJoinException EADDRINUSE if the port has already joined the group there; EINVAL if {@code group}
     *     is not a multicast address; ENODEV if there is no such interface; ENOBUFS if the port has already joined
     *     net.ipv4.igmp_max_memberships groups; ENOPROTOOPT for an IPv6 group on an IPv4 port
     * @throws InvalidAddressException if {@code group} is not a literal
     * @throws IllegalArgumentException if {@code networkInterface} is not a name, an index or an address
     */
    void joinGroup(String group, String networkInterface) throws MulticastJoinException;

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
     * @param networkInterface the interface, as passed to the join
     * @throws MulticastJoinException EADDRNOTAVAIL if the port has not joined the group there; ENODEV if there is no
     *     such interface
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
     * @param source the sender's address, a literal of the group's family
     * @param networkInterface as for {@link #joinGroup(String, String)}
     * @throws MulticastJoinException as {@link #joinGroup(String, String)}; EADDRNOTAVAIL if the source is already
     *     joined there or is of another family than the group; EINVAL if sources were blocked; ENOBUFS if
     *     net.ipv4.igmp_max_msf (10) or net.ipv6.mld_max_msf (64) sources are already joined
     * @throws InvalidAddressException if {@code group} or {@code source} is not a literal
     * @throws IllegalArgumentException if {@code networkInterface} is not a name, an index or an address
     */
    void joinSource(String group, String source, String networkInterface) throws MulticastJoinException;

    /**
     * Leaves one source of a group. Leaving the last source leaves the group.
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
     * Sets the interface through which datagrams to groups are sent.
     *
     * @param networkInterface a name, an index, an address, or empty to let the kernel choose
     * @throws IllegalArgumentException if {@code networkInterface} is not a name, an index or an address
     * @throws IOException ENODEV if no interface has this name, index or address; EAGAIN as above
     */
    void setOutgoingInterface(String networkInterface) throws IOException;

    /**
     * The interface through which datagrams to groups are sent, in a form that {@link #setOutgoingInterface} accepts.
     *
     * @return for IPv4 an address of the interface, or {@code 0.0.0.0} if the kernel chooses; for IPv6 the index of the
     * interface, or {@code 0} if the kernel chooses
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
