package dev.salvo.socket;

import dev.salvo.kernel.NativeAddress.Struct;
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
 * Decoding of addresses as the kernel writes them, and lookups by address. This class is in dev.salvo.socket because
 * the decoding of a datagram's source is not public. Each call uses the next of 256 addresses. A method that returns a
 * new object allocates it.
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
    private MemorySegment names;
    private int next;

    @Setup
    public void fill() {
        names = Arena.ofAuto().allocate(ADDRESSES * Struct.ROOM, Long.BYTES);
        for (int i = 0; i < ADDRESSES; i++) {
            var address = SockAddr.of(ipv6 ? "2001:db8::" + i : "192.0.2." + i, 1024 + i);
            Struct.store(address, names, (long) i * Struct.ROOM);
            sessions.put(address, i);
        }
    }

    private SockAddr nextView() {
        Struct.load(view, names, (long) (next++ & ADDRESSES - 1) * Struct.ROOM);
        return view;
    }

    /** The cost for every received message. */
    @Benchmark
    public SockAddr decode() {
        return nextView();
    }

    @Benchmark
    public int hash() {
        return nextView().hashCode();
    }

    /** Looks up a peer's session by its address, as a server does for each datagram. */
    @Benchmark
    public @Nullable Integer sessionOfView() {
        return sessions.get(nextView());
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
