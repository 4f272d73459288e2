package dev.salvo.socket;

/** What a socket counts, by its owner thread alone. {@link SocketStatistics} is the snapshot and has the meanings. */
final class Counters {

    long receiveCalls;
    long messagesReceived;
    long datagramsReceived;
    long bytesReceived;
    long datagramsTruncated;
    long datagramsLostToTruncation;
    long controlTruncated;
    /** The drops that SO_RXQ_OVFL told last: 32 bits, unsigned. */
    int dropsTold;

    long sendCalls;
    long messagesSent;
    long datagramsSent;
    long bytesSent;
    long datagramsFailed;
    long datagramsForbidden;
    long sendsBlocked;
    long sendsWithoutBuffers;
    long sendsRepeated;
    long coalescingFallbacks;
    long errorQueueEntries;
    long icmpErrors;
    long icmpErrorsDropped;
    long completionsDropped;

    SocketStatistics snapshot(long kernelPacketDrops) {
        return new SocketStatistics(
                receiveCalls,
                messagesReceived,
                datagramsReceived,
                bytesReceived,
                datagramsTruncated,
                datagramsLostToTruncation,
                controlTruncated,
                kernelPacketDrops,
                sendCalls,
                messagesSent,
                datagramsSent,
                bytesSent,
                datagramsFailed,
                datagramsForbidden,
                sendsBlocked,
                sendsWithoutBuffers,
                sendsRepeated,
                coalescingFallbacks,
                errorQueueEntries,
                icmpErrors,
                icmpErrorsDropped,
                completionsDropped);
    }
}
