package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.CannotListenException;
import dev.salvo.protocol.Recorder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A system call fails while a reactor or a port opens. Everything that was opened before is closed again. */
@Tag("fault")
class OpenFailsTest {

    @ParameterizedTest
    @CsvSource({"EPOLL_CREATE1, 0, 0", "EVENTFD, 1, 0", "MMAP, 2, 0", "EPOLL_CTL, 2, 1"})
    void aReactorThatFailsToOpenClosesItsDescriptors(Syscall failing, int descriptors, int mappings) {
        var kernel = new ScriptedKernel();
        kernel.next(failing, Answer.error(Errno.EMFILE));
        var e = assertThrows(SyscallException.class, () -> kernel.open(Reactor::open));
        assertEquals(Errno.EMFILE, e.errno());
        assertEquals(descriptors, kernel.calls(Syscall.CLOSE).size());
        assertEquals(mappings, kernel.calls(Syscall.MUNMAP).size());
    }

    @ParameterizedTest
    @EnumSource(names = {"SOCKET", "BIND", "GETSOCKNAME", "EPOLL_CTL"})
    void aPortThatFailsToOpenClosesItsSocket(Syscall failing) throws Exception {
        var protocol = new Recorder();
        var kernel = new ScriptedKernel();
        try (var reactor = kernel.open(Reactor::open)) {
            kernel.forget();
            kernel.next(failing, Answer.error(Errno.EMFILE));
            var e = assertThrows(
                    CannotListenException.class, () -> kernel.open(() -> reactor.listenUdp(0, protocol)));
            assertEquals(Errno.EMFILE, assertInstanceOf(SyscallException.class, e.getCause()).errno());
            assertEquals(failing == Syscall.SOCKET ? 0 : 1, kernel.calls(Syscall.CLOSE).size());
            // A protocol that was started is stopped.
            assertEquals(failing == Syscall.EPOLL_CTL ? List.of("start", "stop") : List.of(), protocol.events);
            kernel.open(() -> reactor.listenUdp(0, protocol));
        }
    }
}
