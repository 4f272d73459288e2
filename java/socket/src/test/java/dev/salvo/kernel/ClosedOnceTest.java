package dev.salvo.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Linux frees the descriptor at the first close(2), whatever the call returns. A second close would close somebody
 * else's file.
 */
@Tag("fault")
class ClosedOnceTest {

    private static final int NUMBER = 1000;

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final FileDescriptor fd = new FileDescriptor(kernel, NUMBER);

    static IntStream results() {
        return IntStream.of(0, -Linux.EINTR(), -Linux.EIO());
    }

    @ParameterizedTest
    @MethodSource("results")
    void closeIsCalledOnceWhateverItReturns(int result) {
        kernel.always(Syscall.CLOSE, Answer.value(result));

        fd.close();
        fd.close();

        assertEquals(1, kernel.calls(Syscall.CLOSE).size());
        assertEquals(NUMBER, kernel.calls(Syscall.CLOSE).getFirst().fd());
        assertFalse(fd.isOpen());
    }

    @Test
    void theNumberIsRefusedAfterClose() {
        kernel.always(Syscall.CLOSE, Answer.value(0));
        assertTrue(fd.isOpen());

        fd.close();

        assertThrows(IllegalStateException.class, fd::number);
    }
}
