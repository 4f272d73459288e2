package dev.salvo.protocol;

import dev.salvo.socket.Metadata;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The options with which a port is opened. Immutable: each {@code with} method returns a changed copy. */
public final class PortOptions {

    /**
     * What happens when a datagram is written while the kernel accepts no more and the port's send queue is full.
     */
    public enum Overflow {

        /**
         * The datagram is refused. Write returns false, and {@link DatagramProtocol#writable} is called when it is time
         * to try again.
         */
        REFUSE,

        /**
         * The datagram is accepted, and the oldest queued datagrams are dropped to make room for it.
         * {@link PortStatistics#datagramsOverflowed} counts them. This suits data that is soon out of date.
         *
         * <p>
         * Datagrams are dropped in whole messages. With coalescing, a message holds up to
         * {@link PortOptions#maxSegments} datagrams to one destination, so the queue should have room for several
         * messages.
         *
         * <p>
         * Only a datagram that is larger than the whole queue is refused, and {@link DatagramProtocol#writable} is
         * called only after that.
         */
        DROP_OLDEST
    }

    private static final PortOptions DEFAULTS = new PortOptions();

    private String interfaceAddress = "";
    private int maxPacketSize = 65_535;
    private boolean coalescing = true;
    private int maxSegments = 64;
    private long sendQueueBytes = 1 << 20;
    private Overflow overflow = Overflow.REFUSE;
    private boolean listenMultiple;
    private boolean sharedPort;
    private boolean v6Only;
    private boolean errors;
    private boolean answerFromAsked;
    private Set<Metadata> metadata = Set.of();

    private PortOptions() {}

    private PortOptions(PortOptions other) {
        interfaceAddress = other.interfaceAddress;
        maxPacketSize = other.maxPacketSize;
        coalescing = other.coalescing;
        maxSegments = other.maxSegments;
        sendQueueBytes = other.sendQueueBytes;
        overflow = other.overflow;
        listenMultiple = other.listenMultiple;
        sharedPort = other.sharedPort;
        v6Only = other.v6Only;
        errors = other.errors;
        answerFromAsked = other.answerFromAsked;
        metadata = other.metadata;
    }

    private PortOptions with(Consumer<PortOptions> change) {
        var copy = new PortOptions(this);
        change.accept(copy);
        return copy;
    }

    /**
     * The options of a port for which nothing else was chosen: any IPv4 address, no truncation, coalescing on with up
     * to 64 datagrams in a message, a send queue of 1 MiB that refuses datagrams when it is full, a port that is not
     * shared, no error queue, no metadata.
     *
     * @return the defaults
     */
    public static PortOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns a copy with another local address.
     *
     * {@snippet file = "dev/salvo/examples/Ipv6Listen.java" region = "listen"}
     *
     * @param address an IPv4 or IPv6 literal, with a scope for a link-local address; empty for any IPv4 address;
     *     {@code ::} for any address of both families, or of IPv6 alone with {@link #withV6Only}
     * @return the copy
     */
    public PortOptions withInterface(String address) {
        return with(copy -> copy.interfaceAddress = Objects.requireNonNull(address));
    }

    /**
     * Returns a copy with another limit for the length of received datagrams.
     *
     * @param bytes longer datagrams are truncated to this length; 0 to 65,535
     * @return the copy
     * @throws IllegalArgumentException if {@code bytes} is out of range
     */
    public PortOptions withMaxPacketSize(int bytes) {
        if (bytes < 0 || bytes > 65_535) {
            throw new IllegalArgumentException("maxPacketSize out of range: " + bytes);
        }
        return with(copy -> copy.maxPacketSize = bytes);
    }

    /**
     * Returns a copy with coalescing on or off.
     *
     * @param on whether the kernel may deliver several datagrams in one message (GRO), and the port may send several in
     *     one message (UDP_SEGMENT). Coalescing changes neither the payloads nor their order for each destination; it
     *     saves most of the cost. On an adopted socket GRO stays as it is, even with {@code false}
     * @return the copy
     */
    public PortOptions withCoalescing(boolean on) {
        return with(copy -> copy.coalescing = on);
    }

    /**
     * Returns a copy with another limit for the number of datagrams in a message that is sent. 128 pays where many
     * small datagrams go to one destination at a time; {@link dev.salvo.socket.SendBatch#maxSegments} describes its
     * other effects.
     *
     * @param most 1 to 128; a number above what the kernel accepts ({@link dev.salvo.socket.Features#maxSegments}) is
     *     lowered to that
     * @return the copy
     * @throws IllegalArgumentException if {@code most} is out of range
     */
    public PortOptions withMaxSegments(int most) {
        if (most < 1 || most > 128) {
            throw new IllegalArgumentException("maxSegments out of range: " + most);
        }
        return with(copy -> copy.maxSegments = most);
    }

    /**
     * Returns a copy with another size of the send queue.
     *
     * <p>
     * It bounds the memory that a blocked port takes, on the heap and off it: 16 kB, and a few times this number. The
     * most are 30 times, for empty datagrams, each to a destination of its own; payloads of 1,000 bytes take four times
     * at most. What the port wrote in the turn in which the kernel stopped accepting comes on top. Up to 128 ports of a
     * reactor may keep the memory of a larger batch as well, at most 1.8 MB each.
     *
     * @param bytes how much the port queues while the kernel accepts no more, 0 or more; each datagram counts as its
     *     payload and 64 bytes
     * @return the copy
     * @throws IllegalArgumentException if {@code bytes} is negative
     */
    public PortOptions withSendQueueBytes(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("sendQueueBytes out of range: " + bytes);
        }
        return with(copy -> copy.sendQueueBytes = bytes);
    }

    /**
     * Returns a copy with another policy for writes to a full send queue.
     *
     * @param policy which datagrams are given up
     * @return the copy
     */
    public PortOptions withOverflow(Overflow policy) {
        return with(copy -> copy.overflow = Objects.requireNonNull(policy));
    }

    /**
     * Returns a copy that shares the port for multicast, or does not.
     *
     * @param multiple whether other sockets may listen on the same port (SO_REUSEADDR before bind). All of them must
     *     ask for it. Each socket gets a copy of a datagram to a group. Datagrams to a unicast address all go to the
     *     socket that was bound last
     * @return the copy
     */
    public PortOptions withListenMultiple(boolean multiple) {
        return with(copy -> copy.listenMultiple = multiple);
    }

    /**
     * Returns a copy that shares the load of the port with other sockets, or does not.
     * {@link dev.salvo.reactor.ReactorGroup} sets up all of this.
     *
     * @param shared whether other sockets of the same user may be bound to the same address and port (SO_REUSEPORT
     *     before bind). All of them must ask for it. The kernel then distributes the datagrams that arrive among these
     *     sockets, and sends each flow to one of them. A socket outside a group that shares the group's port receives
     *     no unicast datagrams while a steering program is attached
     * @return the copy
     */
    public PortOptions withSharedPort(boolean shared) {
        return with(copy -> copy.sharedPort = shared);
    }

    /**
     * Returns a copy in which a port on {@code ::} serves IPv6 alone, or IPv4 as well. A server with a port for each
     * family needs it: a port on {@code ::} otherwise takes the same port number of 0.0.0.0, too.
     *
     * @param only whether IPV6_V6ONLY is on, which is set before bind. The port then takes no IPv4 addresses, and hears
     *     no IPv4 groups. Only ports with an IPv6 interface may have it; it changes nothing for one on a single IPv6
     *     address. Off by default, whatever net.ipv6.bindv6only says
     * @return the copy
     */
    public PortOptions withV6Only(boolean only) {
        return with(copy -> copy.v6Only = only);
    }

    /**
     * Returns a copy with the error queue on or off. Each error costs at least one system call. A datagram that the
     * kernel refuses because of the error of another datagram is sent again. For a port with many dead destinations,
     * these repeats are most of the work.
     *
     * @param on whether {@link DatagramProtocol#errorReceived} is called for each ICMP error. IP_RECVERR, and
     *     IPV6_RECVERR on an IPv6 port, are then on as long as the port is open. When the port of an adopted socket is
     *     closed, the options that the port switched on are switched off, even if another holder of the socket has
     *     switched them on, too, or relies on them. If the kernel lacks these options, the port can't be opened
     * @return the copy
     */
    public PortOptions withErrors(boolean on) {
        return with(copy -> copy.errors = on);
    }

    /**
     * Returns a copy in which answers leave from the address that the request was sent to, or from the address that the
     * routes choose. It matters on a host with several addresses, for a port that is not bound to one of them: a client
     * drops an answer from an address to which it has sent nothing.
     *
     * @param on whether a datagram that is written to the source of a received datagram, while that one is being
     *     received, leaves from the address that the received datagram was sent to. If it was sent to a group or to a
     *     broadcast address, the answer leaves from the address of the interface on which it arrived. The port asks for
     *     {@link Metadata#LOCAL_ADDRESS} for this. A write with {@link dev.salvo.socket.SendOptions} is not changed. An
     *     answer that is written after the callback, for instance by a timer, is not changed either, and leaves from
     *     the address that the routes choose: keep {@link dev.salvo.socket.DatagramMetadata#answerAddress} of the
     *     request, and set it as the {@link dev.salvo.socket.SendOptions#source}
     * @return the copy
     */
    public PortOptions withAnswerFromAsked(boolean on) {
        return with(copy -> copy.answerFromAsked = on);
    }

    /**
     * Returns a copy with other metadata.
     *
     * @param wanted the metadata that the kernel is to report with each datagram, for
     *     {@link dev.salvo.socket.Datagram#metadata()}. If the kernel refuses any of it, the port can't be opened. When
     *     an adopted socket's port is closed, the options that it has changed are restored to their former values,
     *     unless another holder of the socket has changed them meanwhile. A holder that only relies on them loses them
     * @return the copy
     */
    public PortOptions withMetadata(Metadata... wanted) {
        return with(copy -> copy.metadata = Set.copyOf(List.of(wanted)));
    }

    /** {@return the local address to bind; empty for any IPv4 address} */
    public String interfaceAddress() {
        return interfaceAddress;
    }

    /** {@return the length in bytes to which longer received datagrams are truncated} */
    public int maxPacketSize() {
        return maxPacketSize;
    }

    /** {@return whether several datagrams may share a message, received or sent} */
    public boolean coalescing() {
        return coalescing;
    }

    /** {@return the largest number of datagrams in a message that is sent} */
    public int maxSegments() {
        return maxSegments;
    }

    /** {@return how many bytes are queued while the kernel accepts no more} */
    public long sendQueueBytes() {
        return sendQueueBytes;
    }

    /** {@return what happens to a write when the send queue is full} */
    public Overflow overflow() {
        return overflow;
    }

    /** {@return whether other sockets may listen on the same port, for multicast} */
    public boolean listenMultiple() {
        return listenMultiple;
    }

    /** {@return whether the kernel distributes the datagrams that arrive among several sockets of the port} */
    public boolean sharedPort() {
        return sharedPort;
    }

    /** {@return whether a port on {@code ::} serves IPv6 alone} */
    public boolean v6Only() {
        return v6Only;
    }

    /** {@return whether ICMP errors are reported} */
    public boolean errors() {
        return errors;
    }

    /** {@return whether an answer leaves from the address that the request was sent to} */
    public boolean answerFromAsked() {
        return answerFromAsked;
    }

    /** {@return the metadata that the kernel reports with each datagram} */
    public Set<Metadata> metadata() {
        return metadata;
    }

    private List<Object> values() {
        return List.of(interfaceAddress, maxPacketSize, coalescing, maxSegments, sendQueueBytes, overflow,
                listenMultiple, sharedPort, v6Only, errors, answerFromAsked, metadata);
    }

    /** Equal if all options are equal. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PortOptions that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    /** {@return all options, as {@code PortOptions[interface=, maxPacketSize=65535, ...]}} */
    @Override
    public String toString() {
        return "PortOptions[interface=%s, maxPacketSize=%s, coalescing=%s, maxSegments=%s, sendQueueBytes=%s, "
                .concat("overflow=%s, listenMultiple=%s, sharedPort=%s, v6Only=%s, errors=%s, answerFromAsked=%s, ")
                .concat("metadata=%s]")
                .formatted(values().toArray());
    }
}
