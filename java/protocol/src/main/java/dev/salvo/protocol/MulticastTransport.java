package dev.salvo.protocol;

import java.io.IOException;

/**
 * Multicast and broadcast, as every port has them, IPv4 and IPv6, adopted ones too.
 *
 * <p>A port hears only the groups that it joined itself (IP_MULTICAST_ALL is off), and whatever is sent to its own
 * address; an adopted one, whose options stay as they were, may hear groups that others on the host joined. To send to
 * a group nothing need be joined.
 *
 * {@snippet file = "dev/salvo/examples/MulticastClient.java" region = "protocol"}
 *
 * <p>A network interface is given by name ({@code eth0}), by index ({@code 2}) or by one of its addresses; empty lets
 * the kernel choose, by its routes. A leave needs the interface of the join.
 *
 * <p>A protocol joins when it is started:
 *
 * {@snippet file = "dev/salvo/examples/MulticastServer.java" region = "protocol"}
 *
 * <p>All methods belong to the reactor's thread, and throw IllegalStateException once the port is closed.
 */
public interface MulticastTransport {

    /**
     * Joins a group on the interface that the kernel chooses.
     *
     * @param group a multicast literal of the port's family; an IPv6 port that hears IPv4 too may join IPv4 groups
     * @throws MulticastJoinException as {@link #joinGroup(String, String)}
     * @throws InvalidAddressException if {@code group} is no literal
     */
    default void joinGroup(String group) throws MulticastJoinException {
        joinGroup(group, "");
    }

    /**
     * Joins a group: from now on its datagrams to this port's number are received. For IPv4 those that come in by the
     * interface; for IPv6 also those by another on which any socket of this host has joined the group, since Linux
     * compares the group alone.
     *
     * @param group a multicast literal of the port's family; an IPv6 port that hears IPv4 too may join IPv4 groups
     * @param networkInterface where to join: a name, an index, an address, or empty
     * @throws MulticastJoinException EADDRINUSE if it is joined there, EINVAL if it is no group, ENODEV if there is no
     *     such interface, ENOBUFS if net.ipv4.igmp_max_memberships are joined, ENOPROTOOPT for an IPv6 group on an IPv4
     *     port
     * @throws InvalidAddressException if {@code group} is no literal
     * @throws IllegalArgumentException if {@code networkInterface} can't be an interface
     */
    void joinGroup(String group, String networkInterface) throws MulticastJoinException;

    /**
     * Leaves a group that was joined without an interface.
     *
     * @param group as it was joined
     * @throws MulticastJoinException EADDRNOTAVAIL if it was not joined
     * @throws InvalidAddressException if {@code group} is no literal
     */
    default void leaveGroup(String group) throws MulticastJoinException {
        leaveGroup(group, "");
    }

    /**
     * Leaves a group.
     *
     * @param group as it was joined
     * @param networkInterface as it was joined
     * @throws MulticastJoinException EADDRNOTAVAIL if it was not joined there, ENODEV if there is no such interface
     * @throws InvalidAddressException if {@code group} is no literal
     * @throws IllegalArgumentException if {@code networkInterface} can't be an interface
     */
    void leaveGroup(String group, String networkInterface) throws MulticastJoinException;

    /**
     * Joins a group for one source: of what is sent to it, that of the sources joined is heard and nothing else. Each
     * call adds a source. A group that was joined for all becomes one of this source, unless sources were blocked.
     *
     * @param group as {@link #joinGroup(String, String)}
     * @param source the address of the sender, a literal of the group's family
     * @param networkInterface as {@link #joinGroup(String, String)}
     * @throws MulticastJoinException as {@link #joinGroup(String, String)}; EADDRNOTAVAIL if the source is joined there
     *     or of another family, EINVAL if sources were blocked, ENOBUFS if net.ipv4.igmp_max_msf (10) or
     *     net.ipv6.mld_max_msf (64) sources are joined
     * @throws InvalidAddressException if {@code group} or {@code source} is no literal
     * @throws IllegalArgumentException if {@code networkInterface} can't be an interface
     */
    void joinSource(String group, String source, String networkInterface) throws MulticastJoinException;

    /**
     * Leaves a source of a group; with the last the group is left.
     *
     * @param group as it was joined
     * @param source as it was joined
     * @param networkInterface as it was joined
     * @throws MulticastJoinException EADDRNOTAVAIL if the source was not joined there, EINVAL if none was, ENODEV if
     *     there is no such interface
     * @throws InvalidAddressException if {@code group} or {@code source} is no literal
     * @throws IllegalArgumentException if {@code networkInterface} can't be an interface
     */
    void leaveSource(String group, String source, String networkInterface) throws MulticastJoinException;

    /**
     * Hears a source no longer in a group that was joined for all.
     *
     * @param group as it was joined
     * @param source as for {@link #joinSource}
     * @param networkInterface as it was joined
     * @throws MulticastJoinException EINVAL if the group was not joined there, or for sources; EADDRNOTAVAIL if the
     *     source is blocked or of another family, ENOBUFS as {@link #joinSource}, ENODEV if there is no such interface
     * @throws InvalidAddressException if {@code group} or {@code source} is no literal
     * @throws IllegalArgumentException if {@code networkInterface} can't be an interface
     */
    void blockSource(String group, String source, String networkInterface) throws MulticastJoinException;

    /**
     * Hears a source again that was blocked.
     *
     * @param group as it was joined
     * @param source as it was blocked
     * @param networkInterface as it was joined
     * @throws MulticastJoinException EADDRNOTAVAIL if the source was not blocked there, EINVAL if the group was not
     *     joined, or for sources; ENODEV if there is no such interface
     * @throws InvalidAddressException if {@code group} or {@code source} is no literal
     * @throws IllegalArgumentException if {@code networkInterface} can't be an interface
     */
    void unblockSource(String group, String source, String networkInterface) throws MulticastJoinException;

    /**
     * Sets how many routers datagrams to groups may pass: IP_MULTICAST_TTL, or IPV6_MULTICAST_HOPS. Unicast has its
     * own, {@code IpOptions.TTL}.
     *
     * @param ttl 0 to 255; 1, the kernel's default, stays on the link. 0 stays on this host if the group is joined
     *     here, on the interface by which it would leave, and loopback is on; else Linux sends it as any other
     * @throws IllegalArgumentException if it is out of range
     * @throws IOException if the kernel refuses
     */
    void setTTL(int ttl) throws IOException;

    /**
     * How many routers datagrams to groups may pass.
     *
     * @return 0 to 255
     * @throws IOException if the kernel refuses
     */
    int getTTL() throws IOException;

    /**
     * Sets whether members on this host get what this port sends to groups; on at first. On Linux it is the sender's
     * choice, not the receiver's.
     *
     * @param on whether they do
     * @throws IOException if the kernel refuses
     */
    void setLoopbackMode(boolean on) throws IOException;

    /**
     * Whether members on this host get what this port sends to groups.
     *
     * @return whether they do
     * @throws IOException if the kernel refuses
     */
    boolean getLoopbackMode() throws IOException;

    /**
     * Sets the interface by which datagrams to groups leave.
     *
     * @param networkInterface a name, an index, an address, or empty for the kernel's choice
     * @throws IllegalArgumentException if it can't be an interface
     * @throws IOException ENODEV if no interface has this name, index or address
     */
    void setOutgoingInterface(String networkInterface) throws IOException;

    /**
     * The interface by which datagrams to groups leave, in a form that {@link #setOutgoingInterface} takes.
     *
     * @return an address of it for IPv4, {@code 0.0.0.0} for the kernel's choice; for IPv6 its index, {@code 0} for the
     * kernel's choice
     * @throws IOException if the kernel refuses
     */
    String getOutgoingInterface() throws IOException;

    /**
     * Sets whether datagrams to broadcast addresses may be sent (SO_BROADCAST); not at first: they fail with EACCES.
     *
     * {@snippet file = "dev/salvo/examples/UdpBroadcast.java" region = "protocol"}
     *
     * @param allowed whether they may
     * @throws IOException if the kernel refuses
     */
    void setBroadcastAllowed(boolean allowed) throws IOException;

    /**
     * Whether datagrams to broadcast addresses may be sent.
     *
     * @return whether they may
     * @throws IOException if the kernel refuses
     */
    boolean getBroadcastAllowed() throws IOException;
}
