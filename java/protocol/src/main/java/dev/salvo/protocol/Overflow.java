package dev.salvo.protocol;

/** What becomes of a datagram that is written while the kernel takes no more and the port's send queue is full. */
public enum Overflow {

    /** It is not taken: write returns false, and {@link DatagramProtocol#writable} tells when to try again. */
    REFUSE,

    /**
     * It is taken, and the oldest ones that wait are dropped for it, which {@link PortStatistics#datagramsOverflowed}
     * counts: for what is soon out of date. A message is dropped whole, with coalescing up to
     * {@link PortOptions#maxSegments} datagrams of one destination; so the queue had better have room for several. Only
     * a datagram that is larger than the whole queue is refused, and {@link DatagramProtocol#writable} is called for
     * that alone.
     */
    DROP_OLDEST
}
