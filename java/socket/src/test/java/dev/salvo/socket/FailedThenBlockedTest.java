package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Kernels;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A send stops with EAGAIN after a datagram failed. A datagram added then, to the same destination, starts a new
 * message. It must not join the failed message, where it would be neither sent nor reported.
 */
@OnLoopback
record FailedThenBlockedTest(Loopback loopback) {

    private static final int BLOCKED_CALL = 3;

    @Test
    void noDatagramJoinsAFailedMessage() throws SyscallException {
        var calls = new int[1];
        var kernel = KernelStub.with((name, arguments, real) -> name.equals("sendmmsg") && ++calls[0] == BLOCKED_CALL
                ? (Object) (-Errno.EAGAIN)
                : real.call());
        ScopedValue.where(Kernels.SCRIPTED, kernel).call(() -> {
            try (var pair = new Pair(loopback)) {
                var portZero = loopback.address(0);
                Traffic.add(pair.out, portZero, "1111");
                pair.add("alive");
                // EINVAL twice, then EAGAIN.
                assertEquals(1, pair.send());
                assertEquals(Errno.EAGAIN, pair.out.stoppedBy());
                Traffic.add(pair.out, portZero, "2222");
                assertEquals(2, pair.send());
                assertEquals(0, pair.out.pendingDatagrams());
                var failure = new SendFailure(portZero, 4, Errno.EINVAL);
                assertEquals(List.of(failure, failure), pair.out.failures());
                assertEquals(List.of("alive"), Traffic.texts(pair.receive(1)));
                return null;
            }
        });
    }
}
