package dev.salvo.socket.internal.unix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.option.SockOpt;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * SO_SNDTIMEO: how long connect and send may block (socket(7)). The value is a struct timeval: two longs on a 64-bit
 * machine.
 */
public final class SendTimeout {

    public static final SockOpt<Duration> OPTION = new SockOpt<>("SO_SNDTIMEO", Duration.class, Linux.SOL_SOCKET(),
            Linux.SO_SNDTIMEO(), SockOpt.Codec.of(2 * Long.BYTES, SendTimeout::read, SendTimeout::write));

    private static final int NANOS_PER_MICRO = 1_000;

    private SendTimeout() {}

    private static Duration read(MemorySegment memory) {
        var seconds = Duration.ofSeconds(memory.get(JAVA_LONG, 0));
        return seconds.plusNanos(memory.get(JAVA_LONG, Long.BYTES) * NANOS_PER_MICRO);
    }

    /** Never writes 0, which would mean no limit. */
    private static void write(MemorySegment memory, Duration value) {
        memory.set(JAVA_LONG, 0, value.getSeconds());
        memory.set(JAVA_LONG, Long.BYTES, Math.max(value.getNano() / NANOS_PER_MICRO, value.getSeconds() == 0 ? 1 : 0));
    }
}
