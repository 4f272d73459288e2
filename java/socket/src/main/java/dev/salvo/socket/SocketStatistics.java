package dev.salvo.socket;

/**
 * What a socket has done since it was opened. A message is what the kernel handles at once: with coalescing, up to 64
 * datagrams. The mean batch is messages divided by calls.
 *
 * @param receiveCalls calls of recvmmsg
 * @param messagesReceived messages received
 * @param datagramsReceived datagrams in them, counted as the batch is walked
 * @param bytesReceived their payload
 * @param datagramsTruncated datagrams of which only the beginning arrived, since their slot was too small, or which
 *     were cut to the batch's largest packet size
 * @param datagramsLostToTruncation datagrams of a coalesced message of which nothing arrived, since the slot was too
 *     small for the message
 * @param controlTruncated messages whose control messages did not fit (MSG_CTRUNC): the last ones are missing. Salvo's
 *     room is enough for all that is of fixed size; RECVOPTS, RECVHOPOPTS, RECVRTHDR, RECVDSTOPTS and PASSSEC can tell
 *     more. If it is the size of coalesced datagrams that was lost, they come as one
 * @param kernelPacketDrops what the kernel dropped for want of room in the receive buffer, from SO_MEMINFO, in kernel
 *     packets: a lower bound of the datagrams while GRO is on; -1 where the kernel does not tell
 * @param sendCalls calls of sendmmsg
 * @param messagesSent messages that the kernel took
 * @param datagramsSent datagrams in them
 * @param bytesSent their payload
 * @param datagramsFailed datagrams that the kernel refused for a reason of their own
 * @param datagramsForbidden those of them that were refused with EPERM: a firewall of this host
 * @param sendsBlocked how often a send stopped with EAGAIN
 * @param sendsWithoutBuffers how often a send stopped with ENOBUFS or ENOMEM
 * @param sendsRepeated how often a message was sent again since the error might have been another's
 * @param coalescingFallbacks joined messages that were taken apart and sent one datagram at a time
 * @param errorQueueEntries entries read from the error queue, of every origin
 * @param icmpErrors those of them that were ICMP errors, for {@link UdpSocket#nextError} to tell
 * @param icmpErrorsDropped ICMP errors that it never tells, since 256 were waiting
 * @param completionsDropped transmit timestamps and zerocopy completions that nobody asked for in time, since 256 were
 *     waiting
 */
public record SocketStatistics(
        long receiveCalls,
        long messagesReceived,
        long datagramsReceived,
        long bytesReceived,
        long datagramsTruncated,
        long datagramsLostToTruncation,
        long controlTruncated,
        long kernelPacketDrops,
        long sendCalls,
        long messagesSent,
        long datagramsSent,
        long bytesSent,
        long datagramsFailed,
        long datagramsForbidden,
        long sendsBlocked,
        long sendsWithoutBuffers,
        long sendsRepeated,
        long coalescingFallbacks,
        long errorQueueEntries,
        long icmpErrors,
        long icmpErrorsDropped,
        long completionsDropped) {
}
