package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.ScriptedKernel;
import dev.salvo.socket.internal.Syscall;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whichever system call fails while a reactor or a port is opened, what was opened before it is closed again. */
@Tag("fault")
class OpenFailsTest {

    @ParameterizedTest
    @CsvSource({"EPOLL_CREATE1, 0, 0", "EVENTFD, 1, 0", "MMAP, 2, 0", "EPOLL_CTL, 2, 1"})
    void aReactor(Syscall failing, int descriptors, int mappings) {
        var kernel = new ScriptedKernel();
        kernel.next(failing, Answer.error(Errno.EMFILE));
        var e = assertThrows(SyscallException.class, () -> kernel.open(Reactor::open));
        assertEquals(Errno.EMFILE, e.errno());
        assertEquals(descriptors, kernel.calls(Syscall.CLOSE).size());
        assertEquals(mappings, kernel.calls(Syscall.MUNMAP).size());
    }

    @ParameterizedTest
    @EnumSource(names = {"SOCKET", "BIND", "GETSOCKNAME", "EPOLL_CTL"})
    void aPort(Syscall failing) throws Exception {
        var protocol = new Recorder();
        var kernel = new ScriptedKernel();
        try (var reactor = kernel.open(Reactor::open)) {
            kernel.forget();
            kernel.next(failing, Answer.error(Errno.EMFILE));
            var e = assertThrows(
                    CannotListenException.class, () -> kernel.open(() -> reactor.listenUdp(0, protocol)));
            assertEquals(Errno.EMFILE, assertInstanceOf(SyscallException.class, e.getCause()).errno());
            assertEquals(failing == Syscall.SOCKET ? 0 : 1, kernel.calls(Syscall.CLOSE).size());
            // What started is stopped.
            assertEquals(failing == Syscall.EPOLL_CTL ? List.of("start", "stop") : List.of(), protocol.events);
            kernel.open(() -> reactor.listenUdp(0, protocol));
        }
    }
}
