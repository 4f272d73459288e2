package dev.salvo.socket;

import dev.salvo.socket.internal.observe.Counters;

/**
 * What a socket has done since it was opened or adopted. A message is what the kernel handles at once: one datagram, or
 * with coalescing up to 64 datagrams and more. The mean batch is the number of messages divided by the number of calls.
 *
 * @param receiveCalls calls of recvmmsg
 * @param messagesReceived messages that were received
 * @param datagramsReceived datagrams in these messages, counted while the program walks the batch
 * @param bytesReceived payload bytes of these messages
 * @param datagramsTruncated datagrams of which only the beginning was delivered, because their slot was too small or
 *     because they are longer than the batch's largest packet size
 * @param datagramsLostToTruncation datagrams of a coalesced message of which nothing was delivered, because the slot
 *     was too small for the message
 * @param controlTruncated messages whose control messages did not fit (MSG_CTRUNC): the last ones are missing. Salvo's
 *     room is large enough for all control messages of fixed size; RECVOPTS, RECVHOPOPTS, RECVRTHDR, RECVDSTOPTS and
 *     PASSSEC can need more. If the segment size of a coalesced message is missing, its datagrams are delivered as one
 * @param kernelPacketDrops packets for this socket that the kernel dropped, from SO_MEMINFO. The kernel has one counter
 *     for all reasons: the receive buffer was full, UDP's memory was used up (net.ipv4.udp_mem), a filter of the socket
 *     refused the packet (SO_ATTACH_FILTER, SO_ATTACH_BPF), or its checksum was wrong. While GRO is on, this is a lower
 *     bound of the number of datagrams. -1 if the kernel does not report it
 * @param sendCalls calls of sendmmsg
 * @param messagesSent messages that the kernel accepted
 * @param datagramsSent datagrams in these messages
 * @param bytesSent payload bytes of these messages
 * @param datagramsFailed datagrams that the kernel refused because of the datagram itself
 * @param datagramsForbidden failed datagrams that were refused with EPERM, by a firewall of this host
 * @param sendsBlocked how often a send stopped with EAGAIN
 * @param sendsWithoutBuffers how often a send stopped with ENOBUFS or ENOMEM
 * @param sendsRepeated how often a message was sent again because the error may have belonged to another datagram
 * @param coalescingFallbacks joined messages that the kernel refused, and that were then sent one datagram at a time
 * @param errorQueueEntries entries read from the error queue, of every origin
 * @param icmpErrors the ICMP errors among these entries; {@link UdpSocket#nextError} returns them
 * @param icmpErrorsDropped the ICMP errors that {@link UdpSocket#nextError} never returns, because 256 were kept
 *     already
 * @param timestampsDropped transmit timestamps that were dropped because 256 were kept already
 */
public record SocketStatistics(
        long receiveCalls, long messagesReceived, long datagramsReceived, long bytesReceived, long datagramsTruncated,
        long datagramsLostToTruncation, long controlTruncated, long kernelPacketDrops, long sendCalls,
        long messagesSent, long datagramsSent, long bytesSent, long datagramsFailed, long datagramsForbidden,
        long sendsBlocked, long sendsWithoutBuffers, long sendsRepeated, long coalescingFallbacks,
        long errorQueueEntries, long icmpErrors, long icmpErrorsDropped, long timestampsDropped) {

    static SocketStatistics of(Counters counted, long kernelPacketDrops) {
        return new SocketStatistics(
                counted.receiveCalls, counted.messagesReceived, counted.datagramsReceived, counted.bytesReceived,
                counted.datagramsTruncated, counted.datagramsLostToTruncation, counted.controlTruncated,
                kernelPacketDrops, counted.sendCalls, counted.messagesSent, counted.datagramsSent,
                counted.bytesSent, counted.datagramsFailed, counted.datagramsForbidden, counted.sendsBlocked,
                counted.sendsWithoutBuffers, counted.sendsRepeated, counted.coalescingFallbacks,
                counted.errorQueueEntries, counted.icmpErrors, counted.icmpErrorsDropped, counted.timestampsDropped);
    }
}
