package dev.salvo.protocol;

/**
 * How a port is opened.
 *
 * @param interfaceAddress the local address, an IPv4 or IPv6 literal, with a scope for a link-local one; empty for any
 *     IPv4 address; {@code ::} for any address of both families
 * @param maxPacketSize where each received datagram is cut, 0 to 65,535
 * @param coalescing whether the kernel may hand over datagrams together (GRO) and take them together (UDP_SEGMENT); it
 *     changes nothing of payloads and their order, and most of the cost
 * @param sendQueueBytes how much is kept when the kernel takes no more, before a write returns false; each datagram
 *     counts its payload and 64 bytes
 * @param listenMultiple whether others may listen on the same port, each of which gets a copy of what is sent to groups
 *     (SO_REUSEADDR before bind, which they all need); of what is sent to one host, the last to bind gets it all
 */
public record PortOptions(
        String interfaceAddress,
        int maxPacketSize,
        boolean coalescing,
        long sendQueueBytes,
        boolean listenMultiple) {

    private static final PortOptions DEFAULTS = new PortOptions("", 65_535, true, 1 << 20, false);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is exceeded
     */
    public PortOptions {
        if (maxPacketSize < 0 || maxPacketSize > 65_535) {
            throw new IllegalArgumentException("maxPacketSize out of range: " + maxPacketSize);
        }
        if (sendQueueBytes < 0) {
            throw new IllegalArgumentException("sendQueueBytes out of range: " + sendQueueBytes);
        }
    }

    /**
     * What a port has unless told otherwise: any IPv4 address, nothing cut, coalescing on, a queue of 1 MiB.
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
     * @param address an IPv4 or IPv6 literal, or empty
     * @return a new record
     */
    public PortOptions withInterface(String address) {
        return new PortOptions(address, maxPacketSize, coalescing, sendQueueBytes, listenMultiple);
    }

    /**
     * The same with another largest packet size.
     *
     * @param bytes 0 to 65,535
     * @return a new record
     */
    public PortOptions withMaxPacketSize(int bytes) {
        return new PortOptions(interfaceAddress, bytes, coalescing, sendQueueBytes, listenMultiple);
    }

    /**
     * The same with coalescing on or off.
     *
     * @param on whether datagrams may travel together
     * @return a new record
     */
    public PortOptions withCoalescing(boolean on) {
        return new PortOptions(interfaceAddress, maxPacketSize, on, sendQueueBytes, listenMultiple);
    }

    /**
     * The same with another send queue.
     *
     * @param bytes 0 or more
     * @return a new record
     */
    public PortOptions withSendQueueBytes(long bytes) {
        return new PortOptions(interfaceAddress, maxPacketSize, coalescing, bytes, listenMultiple);
    }

    /**
     * The same with the port shared or not.
     *
     * @param multiple whether others, who must all ask for it, may listen on the same port
     * @return a new record
     */
    public PortOptions withListenMultiple(boolean multiple) {
        return new PortOptions(interfaceAddress, maxPacketSize, coalescing, sendQueueBytes, multiple);
    }
}
