package dev.salvo.bench.jmh;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.ControlReader;
import dev.salvo.socket.internal.control.ControlWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Writes and reads the control messages of one message: a segment size, an address with its interface, a hop limit. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ControlBenchmark {

    private static final int ROOM = 128;

    private final MemorySegment memory = Arena.ofAuto().allocate(ROOM, Long.BYTES);
    private final ControlWriter writer = new ControlWriter();
    private final ControlReader reader = new ControlReader();
    private long written;

    @Setup
    public void write() {
        written = encode();
    }

    @Benchmark
    public long encode() {
        writer.reset(memory, 0, ROOM);
        writer.putShort(Linux.SOL_UDP(), Linux.UDP_SEGMENT(), (short) 1200);
        writer.putInts(Linux.IPPROTO_IP(), Linux.IP_PKTINFO(), 1, 0x0100007f, 0);
        writer.putInt(Linux.IPPROTO_IP(), Linux.IP_TTL(), 64);
        return writer.length();
    }

    @Benchmark
    public int decode() {
        int sum = 0;
        reader.reset(memory, 0, written);
        while (reader.next()) {
            if (reader.is(Linux.IPPROTO_IP(), Linux.IP_PKTINFO())) {
                sum += reader.getInt(0) + reader.getInt(4);
            } else if (reader.is(Linux.IPPROTO_IP(), Linux.IP_TTL())) {
                sum += reader.getInt(0);
            } else if (reader.is(Linux.SOL_UDP(), Linux.UDP_SEGMENT())) {
                sum += reader.getByte(0);
            }
        }
        return sum;
    }
}
