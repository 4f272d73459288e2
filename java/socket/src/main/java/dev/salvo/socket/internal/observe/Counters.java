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
