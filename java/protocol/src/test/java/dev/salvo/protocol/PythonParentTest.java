package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Python parent lets a JVM serve the socket that it bound, and passes it by inheritance or over a Unix socket. */
@Tag("interop")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PythonParentTest {

    @TempDir
    private Path folder;

    private ChildProcess parent(String how, String copy, String peer) throws Exception {
        var path = folder.resolve("take").toString();
        var arguments = new ArrayList<>(List.of(how, copy, peer, path));
        arguments.addAll(ChildProcess.javaCommand(HandoverEcho.class, path));
        return ChildProcess.python("descriptor_parent.py", arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"inherit, unconnected", "inherit, connected", "send, unconnected", "send, connected"})
    void theParentsCopyIsUnchanged(String how, String peer) throws Exception {
        try (var parent = parent(how, "keep", peer)) {
            assertEquals("answered 4", parent.line());
            assertEquals("ended 0", parent.line());
            assertEquals("options unchanged", parent.line());
            assertEquals("STILL THERE?", parent.line());
            assertEquals(0, parent.end());
        }
    }

    @ParameterizedTest
    @CsvSource({"inherit, unconnected", "inherit, connected", "send, unconnected", "send, connected"})
    void theParentMayCloseItsCopy(String how, String peer) throws Exception {
        try (var parent = parent(how, "close", peer)) {
            assertEquals("answered 4", parent.line());
            assertEquals("ended 0", parent.line());
            assertEquals("the port is free", parent.line());
            assertEquals(0, parent.end());
        }
    }
}
