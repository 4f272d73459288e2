package dev.salvo.socket.internal.observe;

/**
 * The counters of a socket, which only its owner thread uses. {@code SocketStatistics} is their snapshot, and documents
 * them.
 */
public final class Counters {

    public long receiveCalls;
    public long messagesReceived;
    public long datagramsReceived;
    public long bytesReceived;
    public long datagramsTruncated;
    public long datagramsLostToTruncation;
    public long controlTruncated;
    /** The last value of SO_RXQ_OVFL: 32 bits, unsigned. */
    public int dropsReported;
    /** The kernel's counter when the socket was adopted; 0 if it was opened. */
    private int dropsBefore;
    /** The packets that the kernel has dropped since the socket was opened or adopted, as of the last look. */
    private long kernelDrops;
    /** The kernel's counter at that time: 32 bits, which wrap. */
    private int kernelDropsSeen;

    /** Packets that were dropped before the socket was adopted do not count. */
    public void startAfter(long before) {
        dropsBefore = (int) before;
        kernelDropsSeen = dropsBefore;
        dropsReported = dropsBefore;
    }

    /** The drops since the last SO_RXQ_OVFL; 0 for a datagram that was queued before the socket was adopted. */
    public long newDrops(int now) {
        var more = now - dropsReported;
        if (more < 0 && dropsBefore != 0 && dropsReported == dropsBefore) {
            return 0;
        }
        dropsReported = now;
        return Integer.toUnsignedLong(more);
    }

    /**
     * Adds what the kernel has dropped since the last look. Right if fewer than 2^32 packets are dropped between looks.
     */
    public long kernelDrops(long now) {
        kernelDrops += Integer.toUnsignedLong((int) now - kernelDropsSeen);
        kernelDropsSeen = (int) now;
        return kernelDrops;
    }

    public long sendCalls;
    public long messagesSent;
    public long datagramsSent;
    public long bytesSent;
    public long datagramsFailed;
    public long datagramsForbidden;
    public long sendsBlocked;
    public long sendsWithoutBuffers;
    public long sendsRepeated;
    public long coalescingFallbacks;
    public long errorQueueEntries;
    public long icmpErrors;
    public long icmpErrorsDropped;
    public long timestampsDropped;
}
