package dev.salvo.bench.jmh;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.Metadata;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Receives rounds of datagrams that are already queued. {@link SocketPair} explains how this is timed. */
public class ReceiveBenchmark extends SocketPair {

    /** Local address, traffic class, hop limit, receive time and packet drops; no packet is dropped here. */
    @Param({"false", "true"})
    public boolean metadata;

    @Override
    @Setup
    public void open() throws SyscallException {
        super.open();
        if (metadata) {
            Metadata.LOCAL_ADDRESS.enable(receiver);
            Metadata.TRAFFIC_CLASS.enable(receiver);
            Metadata.HOP_LIMIT.enable(receiver);
            Metadata.RECEIVE_TIME.enable(receiver);
            Metadata.PACKET_DROPS.enable(receiver);
        }
    }

    @Setup(Level.Invocation)
    public void fill() {
        sendRound();
    }

    @Benchmark
    @OperationsPerInvocation(ROUND)
    public long receive() throws SyscallException {
        return receiveRound(metadata);
    }
}
