package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sandbox refuses one system call of the product after the other. Either the program works without it, or there is a
 * sentence with the call and the errno. An idle reactor never takes more than a tenth of a core, and the log stays
 * short.
 */
@Tag("fault")
class RefusedCallsTest {

    private static final int PATIENCE_SECONDS = 120;
    /** What {@link RefusedCalls} prints if everything works. */
    private static final List<String> WORKS = List.of("socket received", "second received hello",
            "second received world", "client was refused");

    private static Path refuse = Path.of("");

    /** CMake has built the program in phase verify of native, or it is built here. */
    @BeforeAll
    static void build() throws Exception {
        var root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("native/refuse.c"))) {
            root = Objects.requireNonNull(root.getParent());
        }
        refuse = root.resolve("native/target/cmake/refuse");
        var source = root.resolve("native/refuse.c");
        if (Files.isExecutable(refuse)
                && Files.getLastModifiedTime(refuse).compareTo(Files.getLastModifiedTime(source)) > 0) {
            return;
        }
        var folder = root.resolve("java/protocol/target/refuse");
        refuse = folder.resolve("refuse");
        if (runs("cmake", "-S", root.toString(), "-B", folder.toString())
                && runs("cmake", "--build", folder.toString(), "--target", "refuse")) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            fail("needs cmake, make and gcc");
        }
        abort("needs cmake, make and gcc");
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static Process start(List<String> sandbox, String... arguments) throws IOException {
        var command = new ArrayList<>(sandbox);
        command.addAll(ChildProcess.javaCommand(RefusedCalls.class, arguments));
        // Half the time of these tests is the start of JVMs.
        command.add(command.indexOf("-Xmx256m"), "-XX:TieredStopAtLevel=1");
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** What the program printed, when it has ended by itself. */
    private static List<String> lines(Process process) throws Exception {
        try {
            process.getOutputStream().close();
            var lines = process.inputReader().readAllLines();
            assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "does not end");
            assertEquals(0, process.exitValue(), lines::toString);
            assertEquals("done", lines.getLast(), lines::toString);
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    private static void requireIdle(List<String> lines) {
        for (var line : lines) {
            if (line.startsWith("idle ")) {
                assertTrue(Integer.parseInt(line.substring(5)) < 100, lines::toString);
            }
        }
        assertTrue(lines.stream().filter(line -> line.startsWith("log: ")).count() <= 5, lines::toString);
    }

    private static List<String> refused(String call, String errno) {
        return List.of(refuse.toString(), call, errno);
    }

    @ParameterizedTest
    @ValueSource(strings = {"socket", "bind", "connect", "getsockname", "getpeername", "getsockopt", "setsockopt",
            "recvmmsg", "sendmmsg", "recvmsg", "sendmsg", "epoll_ctl", "epoll_wait", "epoll_pwait2", "epoll_create1",
            "eventfd2", "poll"})
    void aRefusedCallIsASentenceOrIsDoneWithout(String call) throws Exception {
        var processes = new LinkedHashMap<String, Process>();
        for (var errno : List.of("ENOSYS", "EPERM", "EINVAL")) {
            processes.put(errno, start(refused(call, errno)));
        }
        for (Map.Entry<String, Process> each : processes.entrySet()) {
            var lines = lines(each.getValue());
            var sentence = lines.stream().anyMatch(line -> line.contains(each.getKey())
                    && (line.startsWith("thrown: ") || line.startsWith("log: "))
                    && line.contains(call.replaceFirst("2$", "")));
            assertTrue(sentence || lines.containsAll(WORKS), () -> each.getKey() + ": " + lines);
            requireIdle(lines);
        }
    }

    /** Nothing is left to wait with: the loop ends, with a sentence. */
    @Test
    void withoutAnyEpollWaitTheReactorEnds() throws Exception {
        var sandbox = new ArrayList<>(refused("epoll_wait", "EPERM"));
        sandbox.addAll(refused("epoll_pwait2", "EPERM"));
        var lines = lines(start(sandbox));
        assertTrue(lines.contains("thrown: epoll_wait: EPERM (operation not permitted)"), lines::toString);
        assertTrue(lines.contains("first stopped"), lines::toString);
    }

    @Test
    void inNoSandboxEverythingWorks() throws Exception {
        var lines = lines(start(List.of()));
        assertTrue(lines.containsAll(WORKS), lines::toString);
        requireIdle(lines);
    }

    /** Of a hard limit, since a JVM raises the soft one. A reactor with five ports takes seven. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 6, 7})
    void withTooFewDescriptorsThereIsASentence(int descriptors) throws Exception {
        var lines = lines(start(List.of("prlimit", "--nofile=64:64"), Integer.toString(descriptors)));
        var before = lines.indexOf("leaving " + descriptors);
        assertTrue(lines.subList(0, before).containsAll(WORKS), lines::toString);
        assertTrue(lines.get(before + 1).startsWith("thrown: socket: EMFILE"), lines::toString);
        var after = lines.subList(before + 2, lines.size());
        var sentence = after.stream().anyMatch(line -> line.startsWith("thrown: ") && line.contains("EMFILE"));
        assertTrue(sentence || after.containsAll(WORKS), lines::toString);
        requireIdle(lines);
    }

    @Test
    void noMemoryNeedsToBeLocked() throws Exception {
        var lines = lines(start(List.of("prlimit", "--memlock=0:0")));
        assertTrue(lines.containsAll(WORKS), lines::toString);
    }
}
