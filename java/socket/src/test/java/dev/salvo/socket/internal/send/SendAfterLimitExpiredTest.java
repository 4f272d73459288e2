package dev.salvo.socket.internal.send;

import static dev.salvo.socket.ScriptedSender.A;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.ScriptedSender;
import dev.salvo.socket.internal.descriptor.ErrorQueue;
import dev.salvo.socket.internal.descriptor.OptionCalls;
import dev.salvo.socket.internal.observe.Counters;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Joining that was held back resumes after ten minutes. */
@Tag("fault")
class SendAfterLimitExpiredTest {

    @Test
    void joiningResumesOnceTheLimitExpires() throws SyscallException {
        try (var sender = new ScriptedSender();
                var arena = Arena.ofConfined()) {
            var now = new AtomicLong();
            var fd = new FileDescriptor(sender.kernel, sender.socket.descriptor());
            var counters = new Counters();
            var errorQueue = new ErrorQueue<>(
                    fd, counters, new OptionCalls(fd, arena), arena, error -> error, timestamp -> timestamp);
            var run = new BatchSender(fd, counters, errorQueue, new SegmentLimits(now::get), 0);
            sender.kernel.next(Syscall.SENDMMSG, Answer.error(Errno.EIO), Answer.error(Errno.EIO));

            for (int i = 0; i < 3; i++) {
                sender.add(A, "a1", "a2");
                assertEquals(2, run.send(sender.outbox()));
                now.addAndGet(Duration.ofMinutes(5).toNanos());
            }

            assertEquals(List.of(1, 1, 1, 1, 2), sender.messageSizes());
        }
    }
}
