package dev.salvo.socket;

import static dev.salvo.socket.ScriptedErrors.entry;
import static dev.salvo.socket.ScriptedErrors.offender;
import static dev.salvo.socket.ScriptedErrors.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.SyscallException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Errors that nobody reads take a bounded amount of memory, and further ones are counted. */
@Tag("fault")
class ErrorsKeptTest {

    private static Incoming[] about(int firstPort, int lastPort) {
        return IntStream.rangeClosed(firstPort, lastPort)
                .mapToObj(port -> entry(SockAddr.of("192.0.2.1", port), refused(), offender()))
                .toArray(Incoming[]::new);
    }

    private static List<Integer> ports(List<SocketError> errors) {
        return errors.stream().map(error -> error.destination().port()).toList();
    }

    private static List<Integer> range(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void the256OldestAreKept() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(about(1, 200));
            errors.drain(about(201, 300));

            assertEquals(44, errors.socket.statistics().icmpErrorsDropped());
            assertEquals(300, errors.socket.statistics().icmpErrors());
            assertEquals(range(1, 256), ports(errors.drain()));
        }
    }

    @Test
    void takingAnErrorMakesRoom() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(about(1, 256));
            assertEquals(0, errors.socket.statistics().icmpErrorsDropped());
            errors.socket.nextError();
            errors.drain(about(257, 258));

            assertEquals(1, errors.socket.statistics().icmpErrorsDropped());
            assertEquals(range(2, 257), ports(errors.drain()));
        }
    }

    @Test
    void takingAnErrorMakesNoSystemCall() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(about(1, 1));
            errors.kernel.forget();
            assertEquals(1, errors.drain().size());
            assertEquals(List.of(), errors.kernel.calls());
        }
    }

    @Test
    void aFullStoreStillDrainsTheQueue() throws SyscallException {
        try (var errors = new ScriptedErrors()) {
            errors.drain(about(1, 256));
            errors.kernel.forget();
            errors.drain(about(257, 266));
            assertEquals(11, errors.kernel.calls(Syscall.RECVMSG).size());
        }
    }
}
