package dev.salvo.bench.jmh;

import dev.salvo.linux.SyscallException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/** Copies rounds of datagrams into a batch and sends them. {@link SocketPair} explains how this is timed. */
public class SendBenchmark extends SocketPair {

    @TearDown(Level.Invocation)
    public void drain(Blackhole blackhole) throws SyscallException {
        blackhole.consume(receiveRound(false));
    }

    @Benchmark
    @OperationsPerInvocation(ROUND)
    public void send() {
        sendRound();
    }
}
