package dev.salvo.bench.jmh;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The cost of a write before the system call: datagrams are copied into the batch, joined with the message to their
 * destination, and discarded. The figure includes the cost of discarding them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
public class JoinBenchmark {

    private static final int ADDS = 1024;

    /** Used in turn. With one destination every datagram continues a run; with more, each is looked up in the table. */
    @Param({"1", "16", "256"})
    public int destinations;

    @Param({"64", "1200"})
    public int size;

    @Param({"true", "false"})
    public boolean coalescing;

    private SendBatch batch;
    private SockAddr[] addresses;
    private MemorySegment payload;

    @Setup
    public void open() throws SyscallException {
        batch = SendBatch.open(2 << 20);
        batch.coalescing(coalescing);
        addresses = new SockAddr[destinations];
        Arrays.setAll(addresses, i -> SockAddr.of("192.0.2." + i, 9999));
        payload = Arena.ofAuto().allocate(size);
    }

    @TearDown
    public void close() {
        batch.close();
    }

    @Benchmark
    @OperationsPerInvocation(ADDS)
    public void add() {
        for (int i = 0, next = 0; i < ADDS; i++) {
            if (!batch.add(payload, 0, size, addresses[next])) {
                throw new IllegalStateException("the batch is full after " + i);
            }
            next = next + 1 == destinations ? 0 : next + 1;
        }
        batch.clear();
    }
}
