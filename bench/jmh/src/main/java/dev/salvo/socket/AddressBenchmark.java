package dev.salvo.socket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Addresses as the kernel writes them: in this package, since what a datagram's source is made by is not public. Each
 * call takes the next of 256 addresses. What gives an object, allocates one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class AddressBenchmark {

    private static final int ADDRESSES = 256;

    @Param({"false", "true"})
    public boolean ipv6;

    private final SockAddr view = SockAddr.view();
    private final Map<SockAddr, Integer> sessions = new HashMap<>();
    private final DestinationTable table = new DestinationTable(ADDRESSES);
    private MemorySegment names;
    private int next;

    @Setup
    public void fill() {
        names = Arena.ofAuto().allocate(ADDRESSES * SockAddr.ROOM, Long.BYTES);
        for (int i = 0; i < ADDRESSES; i++) {
            var address = SockAddr.of(ipv6 ? "2001:db8::" + i : "192.0.2." + i, 1024 + i);
            address.store(names, (long) i * SockAddr.ROOM);
            sessions.put(address, i);
            table.find(address);
        }
    }

    private SockAddr nextView() {
        view.load(names, (long) (next++ & ADDRESSES - 1) * SockAddr.ROOM);
        return view;
    }

    /** What every message costs. */
    @Benchmark
    public SockAddr decode() {
        return nextView();
    }

    @Benchmark
    public int hash() {
        return nextView().hashCode();
    }

    /** A session of a peer looked up by its address, as a server does for a datagram. */
    @Benchmark
    public @Nullable Integer sessionOfView() {
        return sessions.get(nextView());
    }

    /** A destination of a batch looked up, as for a datagram that does not continue a run. */
    @Benchmark
    public Object destination() {
        return table.find(nextView());
    }

    @Benchmark
    public SockAddr copy() {
        return nextView().copy();
    }

    @Benchmark
    public InetSocketAddress toInetSocketAddress() {
        return nextView().toInetSocketAddress();
    }
}
