package dev.salvo.cli.service;

import dev.salvo.protocol.PortStatistics;
import java.util.List;

/**
 * The traffic of one or more ports in a period.
 *
 * @param seconds the length of the period
 * @param in the received traffic
 * @param out the sent traffic
 * @param dropped the datagrams that were dropped, by reason
 */
public record Traffic(double seconds, Direction in, Direction out, Drops dropped) {

    /**
     * The traffic in one direction.
     *
     * @param datagrams the number of datagrams
     * @param bytes the bytes of their payloads
     * @param messages the number of messages; the kernel handles up to 64 datagrams as one message
     * @param calls the number of calls of recvmmsg or sendmmsg
     */
    public record Direction(long datagrams, long bytes, long messages, long calls) {

        public Direction minus(Direction earlier) {
            return new Direction(
                    datagrams - earlier.datagrams,
                    bytes - earlier.bytes,
                    messages - earlier.messages,
                    calls - earlier.calls);
        }

        private Direction plus(Direction other) {
            return new Direction(
                    datagrams + other.datagrams,
                    bytes + other.bytes,
                    messages + other.messages,
                    calls + other.calls);
        }

        public double perMessage() {
            return (double) datagrams / Math.max(1, messages);
        }

        public double perCall() {
            return (double) datagrams / Math.max(1, calls);
        }
    }

    /**
     * The numbers of datagrams that were dropped. Datagrams that a BatchProtocol leaves unread are not among them: the
     * command has no BatchProtocol.
     *
     * @param byKernel dropped by the kernel because the receive buffer was full, in kernel packets; -1 if unknown
     * @param cut truncated, or lost by truncation, because a slot was too small
     * @param refused not accepted for sending because the send queue was full
     * @param failed rejected by the kernel when they were sent
     * @param unsent not yet sent when the port was closed
     * @param strangers dropped because they came from other senders than the peer of a connected port; an adopted port
     *     may be connected
     */
    public record Drops(long byKernel, long cut, long refused, long failed, long unsent, long strangers) {

        public Drops minus(Drops earlier) {
            return new Drops(
                    byKernel < 0 ? byKernel : byKernel - earlier.byKernel,
                    cut - earlier.cut,
                    refused - earlier.refused,
                    failed - earlier.failed,
                    unsent - earlier.unsent,
                    strangers - earlier.strangers);
        }

        private Drops plus(Drops other) {
            return new Drops(
                    byKernel < 0 || other.byKernel < 0 ? -1 : byKernel + other.byKernel,
                    cut + other.cut,
                    refused + other.refused,
                    failed + other.failed,
                    unsent + other.unsent,
                    strangers + other.strangers);
        }

        public long total() {
            return Math.max(0, byKernel) + cut + refused + failed + unsent + strangers;
        }
    }

    public static final Traffic NONE = new Traffic(0, new Direction(0, 0, 0, 0), new Direction(0, 0, 0, 0),
            new Drops(0, 0, 0, 0, 0, 0));

    /** The traffic of several ports since they were opened. */
    public static Traffic of(List<PortStatistics> ports, double seconds) {
        var all = NONE;
        for (var port : ports) {
            all = all.plus(of(port));
        }
        return new Traffic(seconds, all.in, all.out, all.dropped);
    }

    private static Traffic of(PortStatistics port) {
        var socket = port.socket();
        return new Traffic(
                0,
                new Direction(
                        socket.datagramsReceived(),
                        socket.bytesReceived(),
                        socket.messagesReceived(),
                        socket.receiveCalls()),
                new Direction(
                        socket.datagramsSent(), socket.bytesSent(), socket.messagesSent(), socket.sendCalls()),
                new Drops(
                        socket.kernelPacketDrops(),
                        socket.datagramsTruncated() + socket.datagramsLostToTruncation(),
                        port.datagramsRefused(),
                        socket.datagramsFailed(),
                        port.datagramsDropped(),
                        port.datagramsFromStrangers()));
    }

    private Traffic plus(Traffic other) {
        return new Traffic(seconds, in.plus(other.in), out.plus(other.out), dropped.plus(other.dropped));
    }

    public Traffic since(Traffic earlier) {
        return new Traffic(
                seconds - earlier.seconds,
                in.minus(earlier.in),
                out.minus(earlier.out),
                dropped.minus(earlier.dropped));
    }
}
