package dev.salvo.socket.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.handover.SystemdSockets.Inherited;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests of Twisted's test_systemd.py under their names, and further rules of sd_listen_fds(3). */
@Tag("fault")
class SystemdSocketsTest {

    private static final int PID = 1234;

    private final ScriptedKernel kernel = new ScriptedKernel();

    @BeforeEach
    void everyNumberIsOpen() {
        kernel.always(Syscall.FCNTL, Answer.value(0));
    }

    private static Map<String, String> environment(String pid, String count, String names) {
        return new HashMap<>(Map.of("LISTEN_PID", pid, "LISTEN_FDS", count, "LISTEN_FDNAMES", names));
    }

    private static Map<String, String> environment(String names) {
        var count = names.split(":", -1).length;
        return environment(Integer.toString(PID), Integer.toString(count), names);
    }

    private SystemdSockets from(Map<String, String> environment) throws IOException {
        return SystemdSockets.fromEnvironment(environment, PID, 3, kernel);
    }

    private void assertNone(Map<String, String> environment) throws IOException {
        assertEquals(List.of(), from(environment).inherited());
        assertEquals(List.of(), kernel.calls(), "a descriptor that is not inherited was changed");
    }

    /** Answers getenv and unsetenv from a map, as the C library does from its own. */
    private void scriptEnvironment(Map<String, String> environment, Arena arena) {
        kernel.always(Syscall.GETENV, call -> {
            var value = environment.get(call.memory(0).getString(0));
            return value == null ? 0 : arena.allocateFrom(value).address();
        });
        kernel.always(Syscall.UNSETENV, call -> {
            environment.remove(call.memory(0).getString(0));
            return 0;
        });
    }

    @Test
    void fromEnvironmentEquivalence() throws IOException {
        assertEquals(
                List.of(new Inherited("a", 3), new Inherited("b", 4)),
                from(environment("a:b")).inherited());
    }

    @Test
    void defaultEnviron() throws IOException {
        try (var arena = Arena.ofConfined()) {
            var pid = Long.toString(ProcessHandle.current().pid());
            var environment = environment(pid, "2", "a:b");
            environment.put("LISTEN_PIDFDID", "5");
            environment.put("LISTENER", "kept");
            scriptEnvironment(environment, arena);

            var found = kernel.open(() -> SystemdSockets.fromEnvironment());

            assertEquals(List.of(new Inherited("a", 3), new Inherited("b", 4)), found.inherited());
            assertEquals(Map.of("LISTENER", "kept"), environment);
            var again = kernel.open(() -> SystemdSockets.fromEnvironment());
            assertEquals(List.of(), again.inherited());
        }
    }

    @Test
    void secondEnvironment() throws IOException {
        var environment = environment("a:b");
        assertEquals(2, from(environment).inherited().size());

        assertEquals(List.of(), from(environment).inherited());
        assertEquals(Map.of(), environment);
    }

    @Test
    void mismatchedPID() throws IOException {
        var environment = environment("1235", "1", "a");
        assertNone(environment);
        assertEquals(Map.of(), environment, "a child would read the variables");
    }

    @Test
    void missingPIDVariable() throws IOException {
        var environment = environment("a");
        environment.remove("LISTEN_PID");
        assertNone(environment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello, world", "+1234", " 1234", "1234 ", "0x4d2", "1234567890123456789012", "١٢٣٤"})
    void nonIntegerPIDVariable(String pid) throws IOException {
        assertNone(environment(pid, "1", "a"));
    }

    @Test
    void missingFDSVariable() throws IOException {
        var environment = environment("a");
        environment.remove("LISTEN_FDS");
        assertNone(environment);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello, world", "-1", "0", "1.0", "99999999999"})
    void nonIntegerFDSVariable(String count) throws IOException {
        assertNone(environment(Integer.toString(PID), count, "a"));
    }

    @Test
    void inheritedDescriptors() throws IOException {
        var found = from(environment("a:b")).descriptors();
        assertEquals(List.of(3, 4), found);
        assertThrows(UnsupportedOperationException.class, () -> found.add(5));
    }

    /** Twisted keeps the last of several descriptors with one name; Salvo keeps all. */
    @Test
    void inheritedNamedDescriptors() throws IOException {
        var found = from(environment("dns:web:dns:"));
        assertEquals(List.of(3, 5), found.descriptors("dns"));
        assertEquals(List.of(4), found.descriptors("web"));
        assertEquals(List.of(6), found.descriptors(""));
        assertEquals(List.of(), found.descriptors("ntp"));
    }

    @Test
    void repeatedReadsAreEqual() throws IOException {
        var found = from(environment("a:b"));
        assertEquals(found.descriptors(), found.descriptors());
        assertEquals(found.descriptors("b"), found.descriptors("b"));
    }

    @Test
    void withoutNamesEverySocketIsUnknown() throws IOException {
        var environment = environment(Integer.toString(PID), "2", "");
        environment.remove("LISTEN_FDNAMES");
        assertEquals(
                List.of(new Inherited("unknown", 3), new Inherited("unknown", 4)),
                from(environment).inherited());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:b:c", ""})
    void aWrongNumberOfNamesIsAnError(String names) {
        var environment = environment(Integer.toString(PID), "2", names);
        var thrown = assertThrows(IOException.class, () -> from(environment));
        assertTrue(String.valueOf(thrown.getMessage()).contains("LISTEN_FDNAMES=" + names), thrown::toString);
        assertEquals(Map.of(), environment);
        assertEquals(2, kernel.calls(Syscall.FCNTL).size(), "the sockets would stay open in children");
    }

    @Test
    void inheritedSocketsAreClosedOnExec() throws IOException {
        from(environment("a:b"));
        var setFlags = List.of(Linux.F_SETFD(), Linux.FD_CLOEXEC());
        assertEquals(
                List.of("FCNTL[3, %d, %d]".formatted(setFlags.toArray()),
                        "FCNTL[4, %d, %d]".formatted(setFlags.toArray())),
                kernel.calls().stream().map(Call::toString).toList());
    }

    @Test
    void aDescriptorThatIsNotOpenIsAnError() {
        kernel.next(Syscall.FCNTL, Answer.value(0), Answer.error(Errno.EBADF));
        var thrown = assertThrows(SyscallException.class, () -> from(environment("a:b:c")));
        assertEquals(Errno.EBADF, thrown.errno());
        assertTrue(String.valueOf(thrown.getMessage()).contains("LISTEN_FDS=3, descriptor 4"), thrown::toString);
    }
}
