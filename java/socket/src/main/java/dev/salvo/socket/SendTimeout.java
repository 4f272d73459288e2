package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.option.SockOpt;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * SO_SNDTIMEO: how long connect and send may block; socket(7). A struct timeval, two longs where a long has 64 bits.
 */
final class SendTimeout implements SockOpt.Codec<Duration> {

    static final SockOpt<Duration> OPTION = new SockOpt<>(
            "SO_SNDTIMEO", Duration.class, Linux.SOL_SOCKET(), Linux.SO_SNDTIMEO(), new SendTimeout());

    private static final int NANOS_PER_MICRO = 1_000;

    private SendTimeout() {}

    @Override
    public int size() {
        return 2 * Long.BYTES;
    }

    @Override
    public Duration read(MemorySegment memory, int length) {
        var seconds = Duration.ofSeconds(memory.get(JAVA_LONG, 0));
        return seconds.plusNanos(memory.get(JAVA_LONG, Long.BYTES) * NANOS_PER_MICRO);
    }

    /** Never 0, which is for ever. */
    @Override
    public int write(MemorySegment memory, Duration value) {
        memory.set(JAVA_LONG, 0, value.getSeconds());
        memory.set(JAVA_LONG, Long.BYTES, Math.max(value.getNano() / NANOS_PER_MICRO, value.getSeconds() == 0 ? 1 : 0));
        return size();
    }
}
