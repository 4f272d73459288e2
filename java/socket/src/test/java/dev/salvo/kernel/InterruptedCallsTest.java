package dev.salvo.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A call that a signal interrupts (EINTR) is repeated until it returns another result. */
@Tag("fault")
class InterruptedCallsTest {

    private static final Answer INTERRUPTED = Answer.error(Linux.EINTR());
    private static final MemorySegment NOTHING = MemorySegment.NULL;

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final FileDescriptor fd = new FileDescriptor(kernel, 1000);

    private void script(Syscall name) {
        kernel.next(name, INTERRUPTED, INTERRUPTED, Answer.value(7), Answer.error(Linux.EBADF()));
    }

    @Test
    void recvmmsg() {
        script(Syscall.RECVMMSG);
        assertEquals(7, fd.recvmmsg(NOTHING, 0, 0));
        assertEquals(3, kernel.calls(Syscall.RECVMMSG).size());
        assertEquals(-Linux.EBADF(), fd.recvmmsg(NOTHING, 0, 0));
    }

    @Test
    void sendmmsg() {
        kernel.next(Syscall.SENDMMSG, INTERRUPTED, INTERRUPTED, Answer.value(0), Answer.error(Linux.EBADF()));
        assertEquals(0, fd.sendmmsg(NOTHING, 0, 0));
        assertEquals(3, kernel.calls(Syscall.SENDMMSG).size());
        assertEquals(-Linux.EBADF(), fd.sendmmsg(NOTHING, 0, 0));
    }

    @Test
    void recvmsg() {
        script(Syscall.RECVMSG);
        assertEquals(7, fd.recvmsg(NOTHING, 0));
        assertEquals(3, kernel.calls(Syscall.RECVMSG).size());
        assertEquals(-Linux.EBADF(), fd.recvmsg(NOTHING, 0));
    }

    @Test
    void read() {
        script(Syscall.READ);
        assertEquals(7, fd.read(NOTHING, 0));
        assertEquals(3, kernel.calls(Syscall.READ).size());
        assertEquals(-Linux.EBADF(), fd.read(NOTHING, 0));
    }
}
