package dev.salvo.cli;

import dev.salvo.protocol.PortStatistics;

/**
 * What a port did in some time.
 *
 * @param seconds how long that was
 * @param in what came
 * @param out what went
 * @param dropped what was lost on the way, by reason
 */
record Traffic(double seconds, Direction in, Direction out, Drops dropped) {

    /**
     * One direction.
     *
     * @param datagrams how many
     * @param bytes their payload
     * @param messages what the kernel handled at once: up to 64 datagrams
     * @param calls recvmmsg or sendmmsg
     */
    record Direction(long datagrams, long bytes, long messages, long calls) {

        Direction minus(Direction earlier) {
            return new Direction(
                    datagrams - earlier.datagrams,
                    bytes - earlier.bytes,
                    messages - earlier.messages,
                    calls - earlier.calls);
        }

        double perMessage() {
            return (double) datagrams / Math.max(1, messages);
        }

        double perCall() {
            return (double) datagrams / Math.max(1, calls);
        }
    }

    /**
     * Datagrams that were dropped.
     *
     * @param byKernel for want of room in the receive buffer, in kernel packets; -1 if the kernel does not tell
     * @param cut that came in part or not at all, for want of room in a slot
     * @param refused that were not taken for sending, since the send queue was full
     * @param failed that the kernel refused to send
     * @param unsent that were still to be sent when the port was closed
     * @param strangers that a port dropped which is connected, as an adopted one may be, since others had sent them.
     *     What a BatchProtocol leaves is not counted: the command has none
     */
    record Drops(long byKernel, long cut, long refused, long failed, long unsent, long strangers) {

        Drops minus(Drops earlier) {
            return new Drops(
                    byKernel < 0 ? byKernel : byKernel - earlier.byKernel,
                    cut - earlier.cut,
                    refused - earlier.refused,
                    failed - earlier.failed,
                    unsent - earlier.unsent,
                    strangers - earlier.strangers);
        }

        long total() {
            return Math.max(0, byKernel) + cut + refused + failed + unsent + strangers;
        }
    }

    static final Traffic NONE = new Traffic(0, new Direction(0, 0, 0, 0), new Direction(0, 0, 0, 0),
            new Drops(0, 0, 0, 0, 0, 0));

    /** From the opening of a port on. */
    static Traffic of(PortStatistics port, double seconds) {
        var socket = port.socket();
        return new Traffic(
                seconds,
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

    Traffic since(Traffic earlier) {
        return new Traffic(
                seconds - earlier.seconds,
                in.minus(earlier.in),
                out.minus(earlier.out),
                dropped.minus(earlier.dropped));
    }
}
