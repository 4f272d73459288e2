package dev.salvo.protocol;

import dev.salvo.socket.Metadata;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How a port is opened. Immutable: each {@code with} gives another. */
public final class PortOptions {

    private static final PortOptions DEFAULTS = new PortOptions();

    private String interfaceAddress = "";
    private int maxPacketSize = 65_535;
    private boolean coalescing = true;
    private int maxSegments = 64;
    private long sendQueueBytes = 1 << 20;
    private Overflow overflow = Overflow.REFUSE;
    private boolean listenMultiple;
    private boolean sharedPort;
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
     * What a port has unless told otherwise: any IPv4 address, nothing cut, coalescing on with 64 datagrams in a
     * message, a queue of 1 MiB that refuses when it is full, a port of its own, no error queue, no metadata.
     *
     * @return the defaults
     */
    public static PortOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another local address.
     *
     * {@snippet file = "dev/salvo/examples/Ipv6Listen.java" region = "listen"}
     *
     * @param address an IPv4 or IPv6 literal, with a scope for a link-local one; empty for any IPv4 address; {@code ::}
     *     for any address of both families
     * @return other options
     */
    public PortOptions withInterface(String address) {
        return with(copy -> copy.interfaceAddress = Objects.requireNonNull(address));
    }

    /**
     * The same with another largest packet size.
     *
     * @param bytes where each received datagram is cut, 0 to 65,535
     * @return other options
     * @throws IllegalArgumentException if it is out of range
     */
    public PortOptions withMaxPacketSize(int bytes) {
        if (bytes < 0 || bytes > 65_535) {
            throw new IllegalArgumentException("maxPacketSize out of range: " + bytes);
        }
        return with(copy -> copy.maxPacketSize = bytes);
    }

    /**
     * The same with coalescing on or off.
     *
     * @param on whether the kernel may hand over datagrams together (GRO) and take them together (UDP_SEGMENT); it
     *     changes nothing of payloads and their order, and most of the cost
     * @return other options
     */
    public PortOptions withCoalescing(boolean on) {
        return with(copy -> copy.coalescing = on);
    }

    /**
     * The same with another number of datagrams that may share a message. 128 pays where many small datagrams go to one
     * destination at a time; {@link dev.salvo.socket.SendBatch#maxSegments} has what else it changes.
     *
     * @param most how many, 1 to 128; what the kernel does not take is cut to what it takes
     *     ({@link dev.salvo.socket.Features#maxSegments})
     * @return other options
     * @throws IllegalArgumentException if it is out of range
     */
    public PortOptions withMaxSegments(int most) {
        if (most < 1 || most > 128) {
            throw new IllegalArgumentException("maxSegments out of range: " + most);
        }
        return with(copy -> copy.maxSegments = most);
    }

    /**
     * The same with another send queue.
     *
     * @param bytes how much is kept when the kernel takes no more, 0 or more; each datagram counts its payload and 64
     *     bytes
     * @return other options
     * @throws IllegalArgumentException if it is out of range
     */
    public PortOptions withSendQueueBytes(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("sendQueueBytes out of range: " + bytes);
        }
        return with(copy -> copy.sendQueueBytes = bytes);
    }

    /**
     * The same with another way to treat what is written while the send queue is full.
     *
     * @param policy which datagrams are given up
     * @return other options
     */
    public PortOptions withOverflow(Overflow policy) {
        return with(copy -> copy.overflow = Objects.requireNonNull(policy));
    }

    /**
     * The same with the port shared or not.
     *
     * @param multiple whether others, who must all ask for it, may listen on the same port, each of which gets a copy
     *     of what is sent to groups (SO_REUSEADDR before bind); of what is sent to one host, the last to bind gets it
     *     all
     * @return other options
     */
    public PortOptions withListenMultiple(boolean multiple) {
        return with(copy -> copy.listenMultiple = multiple);
    }

    /**
     * The same with the port's load shared or not.
     *
     * @param shared whether other sockets of the same user, which must all ask for it, may be bound to the same address
     *     and port, among which the kernel then deals what arrives, each flow to one of them (SO_REUSEPORT before
     *     bind); {@link ReactorGroup} does the whole of it. Who shares with a group receives nothing once a program
     *     chooses, as it does when a member has left
     * @return other options
     */
    public PortOptions withSharedPort(boolean shared) {
        return with(copy -> copy.sharedPort = shared);
    }

    /**
     * The same with the error queue on or off. It costs a system call or more for each error, and a datagram that the
     * kernel refuses for another's error is sent again; of a port with many dead destinations that is most of the work.
     *
     * @param on whether {@link DatagramProtocol#errorReceived} is called for each ICMP error (IP_RECVERR, and
     *     IPV6_RECVERR on an IPv6 port, as long as the port is open; an adopted socket has them afterwards as before,
     *     whoever else counts on them). A kernel without them fails the listen
     * @return other options
     */
    public PortOptions withErrors(boolean on) {
        return with(copy -> copy.errors = on);
    }

    /**
     * The same with answers from the address that was asked, or from the one that the routes choose. It matters on a
     * host with several addresses, for a port that is bound to none: a client drops an answer from an address that it
     * did not ask.
     *
     * @param on whether what is written to a datagram's source while the datagram is being received leaves from the
     *     address that it was sent to ({@link Metadata#LOCAL_ADDRESS} is asked for); of a datagram to a group or to a
     *     broadcast address, from the one of the interface that it came in by. A write with
     *     {@link dev.salvo.socket.SendOptions} is left as it is
     * @return other options
     */
    public PortOptions withAnswerFromAsked(boolean on) {
        return with(copy -> copy.answerFromAsked = on);
    }

    /**
     * The same with other metadata.
     *
     * @param wanted what the kernel is to tell of each datagram, for {@link dev.salvo.socket.Datagram#metadata()}; a
     *     kernel that refuses any of it is a reason not to open the port. An adopted socket is afterwards as it was
     *     before, whoever else counts on it
     * @return other options
     */
    public PortOptions withMetadata(Metadata... wanted) {
        var copy = new PortOptions(this);
        var set = EnumSet.noneOf(Metadata.class);
        set.addAll(Arrays.asList(wanted));
        copy.metadata = Set.copyOf(set);
        return copy;
    }

    /** {@return the local address; empty for any IPv4 address} */
    public String interfaceAddress() {
        return interfaceAddress;
    }

    /** {@return where each received datagram is cut, in bytes} */
    public int maxPacketSize() {
        return maxPacketSize;
    }

    /** {@return whether datagrams may travel together} */
    public boolean coalescing() {
        return coalescing;
    }

    /** {@return how many datagrams may share a message that is sent} */
    public int maxSegments() {
        return maxSegments;
    }

    /** {@return how much is kept when the kernel takes no more} */
    public long sendQueueBytes() {
        return sendQueueBytes;
    }

    /** {@return which datagrams are given up when the send queue is full} */
    public Overflow overflow() {
        return overflow;
    }

    /** {@return whether others may listen on the same port} */
    public boolean listenMultiple() {
        return listenMultiple;
    }

    /** {@return whether the kernel deals what arrives among the sockets of the port} */
    public boolean sharedPort() {
        return sharedPort;
    }

    /** {@return whether ICMP errors are told} */
    public boolean errors() {
        return errors;
    }

    /** {@return whether answers leave from the address that was asked} */
    public boolean answerFromAsked() {
        return answerFromAsked;
    }

    /** {@return what the kernel is to tell of each datagram} */
    public Set<Metadata> metadata() {
        return metadata;
    }

    /** The metadata, and what answering from the address that was asked takes. */
    Set<Metadata> metadataToEnable() {
        if (!answerFromAsked) {
            return metadata;
        }
        var all = EnumSet.of(Metadata.LOCAL_ADDRESS);
        all.addAll(metadata);
        return all;
    }

    /** All of it, in the order of {@link #toString}. */
    private List<Object> values() {
        return List.of(interfaceAddress, maxPacketSize, coalescing, maxSegments, sendQueueBytes, overflow,
                listenMultiple, sharedPort, errors, answerFromAsked, metadata);
    }

    /** Equal if all of it is. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PortOptions that && values().equals(that.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    /** {@return all of it, as {@code PortOptions[interface=, maxPacketSize=65535, ...]}} */
    @Override
    public String toString() {
        return "PortOptions[interface=%s, maxPacketSize=%s, coalescing=%s, maxSegments=%s, sendQueueBytes=%s, "
                .concat("overflow=%s, listenMultiple=%s, sharedPort=%s, errors=%s, answerFromAsked=%s, metadata=%s]")
                .formatted(values().toArray());
    }
}
