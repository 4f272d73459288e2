package dev.salvo.socket.internal.send;

import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.socket.SockAddr;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A destination of a batch looked up, as for a datagram that does not continue a run; each call takes the next. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DestinationsBenchmark {

    private static final int ADDRESSES = 256;

    @Param({"false", "true"})
    public boolean ipv6;

    private final NativeAddress[] addresses = new NativeAddress[ADDRESSES];
    private final NativeAddress view = new NativeAddress();
    private final Destinations table = new Destinations();
    private int next;

    @Setup
    public void fill() {
        for (int i = 0; i < ADDRESSES; i++) {
            addresses[i] = SockAddr.of(ipv6 ? "2001:db8::" + i : "192.0.2." + i, 1024 + i);
            table.find(addresses[i]);
        }
    }

    @Benchmark
    public Object find() {
        Struct.load(view, addresses[next++ & ADDRESSES - 1]);
        return table.find(view);
    }
}
