package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the launcher builds, and how it starts Java. */
@Tag("interop")
class LauncherTest {

    @TempDir
    Path folder;

    private FakeTree tree;

    @BeforeEach
    void plantTree() throws Exception {
        tree = new FakeTree(folder);
        tree.maven(tree.makesTheJar());
    }

    private Running.Outcome run(ProcessBuilder builder) throws Exception {
        try (var launcher = Running.start(builder)) {
            return launcher.outcome();
        }
    }

    private Running.Outcome run(String... arguments) throws Exception {
        return run(tree.command(tree.jdk("25"), arguments));
    }

    private int builds() throws Exception {
        return Files.readAllLines(tree.calls).size();
    }

    @Test
    void theFirstStartBuildsAndSaysSo() throws Exception {
        var outcome = run("info");
        assertEquals(0, outcome.exitCode(), outcome::toString);
        assertEquals(1, builds());
        assertTrue(Files.readAllLines(tree.calls).getFirst().endsWith(" -pl java/cli -am package"));
        assertEquals(1, outcome.err().size());
        assertTrue(outcome.err().getFirst().startsWith("salvo: building"), outcome::toString);
    }

    /** The build makes the AOT cache for that Java. No other Java can use it. */
    @Test
    void theBuildReceivesThePathOfTheJavaThatStarts() throws Exception {
        tree.maven("echo \"$SALVO_BUILD_JAVA\" >> '" + tree.calls + "'; " + tree.makesTheJar());
        run();
        assertEquals(folder.resolve("jdk-25/bin/java").toString(), Files.readAllLines(tree.calls).getLast());
    }

    @Test
    void theSecondStartDoesNotBuild() throws Exception {
        run();
        assertEquals(List.of(), run().err());
        assertEquals(1, builds());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "pom.xml", "java/cli/pom.xml", "bindings/src/main/java/B.java", "java/socket/src/main/java/S.java",
            "java/protocol/src/main/java/P.java", "java/cli/src/main/java/C.java"
    })
    void aChangedSourceIsBuiltAgain(String source) throws Exception {
        tree.built();
        assertEquals(List.of(), run().err());
        Files.setLastModifiedTime(tree.root.resolve(source), FileTime.from(Instant.now()));
        run();
        assertEquals(1, builds());
    }

    @Test
    void aRemovedSourceIsBuiltAgain() throws Exception {
        tree.built();
        Files.delete(tree.root.resolve("java/cli/src/main/java/C.java"));
        run();
        assertEquals(1, builds());
    }

    @Test
    void aSourceThatChangedDuringTheBuildIsBuiltAgain() throws Exception {
        var source = tree.root.resolve("java/cli/src/main/java/C.java");
        tree.maven("sleep 0.1; touch '" + source + "'; sleep 0.1; " + tree.makesTheJar());
        run();
        run();
        assertEquals(2, builds());
    }

    @Test
    void aFailedBuildShowsItsOutputAndIsTriedAgain() throws Exception {
        tree.maven("echo broken; exit 1");
        var outcome = run();
        assertEquals(1, outcome.exitCode());
        assertEquals(List.of(), outcome.out());
        assertTrue(outcome.err().contains("broken"), outcome::toString);
        run();
        assertEquals(2, builds());
    }

    @Test
    void twoConcurrentFirstStartsBuildOnce() throws Exception {
        tree.maven("sleep 1; " + tree.makesTheJar());
        var jdk = tree.jdk("25");
        // Both commands are made first: making one rewrites the programs that the other would be running.
        var commands = List.of(tree.command(jdk), tree.command(jdk));
        try (var one = Running.start(commands.getFirst()); var other = Running.start(commands.getLast())) {
            assertEquals(0, one.outcome().exitCode());
            assertEquals(0, other.outcome().exitCode());
        }
        assertEquals(1, builds());
    }

    @Test
    void theBuildOfAKilledStartIsWaitedFor() throws Exception {
        tree.maven("sleep 2; " + tree.makesTheJar());
        var jdk = tree.jdk("25");
        var next = tree.command(jdk);
        try (var killed = Running.start(tree.command(jdk))) {
            while (builds() == 0) {
                assertTrue(killed.process().isAlive(), "it ended without a build");
                Thread.sleep(10);
            }
            killed.process().destroy();
        }
        assertEquals(0, run(next).exitCode());
        assertEquals(1, builds());
    }

    /** Whoever can read the sources can lock them: flock(2) needs no right to write. */
    @Test
    void aLockOnTheSourcesDoesNotHoldUpTheBuild() throws Exception {
        var holder = new ProcessBuilder("flock", tree.root.resolve("pom.xml").toString(), "-c", "echo held; read line")
                .start();
        try {
            assertEquals("held", holder.inputReader().readLine());
            var outcome = run();
            assertEquals(0, outcome.exitCode(), outcome::toString);
            assertEquals(1, builds());
            assertEquals(1, outcome.err().size(), outcome::toString);
        } finally {
            // Its shell ends at the end of its input.
            holder.getOutputStream().close();
            holder.waitFor();
        }
    }

    @Test
    void otherUsersCannotOpenTheLock() throws Exception {
        run();
        var lock = tree.jar().resolveSibling("salvo-build.lock");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(lock)));
    }

    /** An archive from a host whose clock is ahead. When its time has come, it is built once more. */
    @Test
    void aSourceFromTheFutureIsNotBuiltAtEachStart() throws Exception {
        Files.setLastModifiedTime(tree.root.resolve("java/cli/src/main/java/C.java"),
                FileTime.from(Instant.now().plusSeconds(86_400)));
        run();
        assertEquals(List.of(), run().err());
        assertEquals(1, builds());
        Files.setLastModifiedTime(tree.root.resolve("java/cli/pom.xml"), FileTime.from(Instant.now()));
        run();
        assertEquals(2, builds());
    }

    /**
     * Else the JVM would get their numbers for files of its own, and read or write those. With stderr closed, bash has
     * the launcher open there, for reading.
     */
    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox"})
    void closedStandardStreamsAreOpenedBeforeJavaStarts(String shell) throws Exception {
        Requires.program(shell, shell);
        var name = shell.equals("busybox") ? "busybox sh" : shell;
        tree.built();
        var jdk = tree.jdk("25");
        var seen = folder.resolve("streams");
        tree.java(jdk, "links=$(for n in 0 1 2; do readlink /proc/$$/fd/$n; done); echo \"$links\" > '" + seen + "'");
        var command = tree.command(jdk);
        var harmless = List.of("/dev/null", tree.launcher().toString());
        for (var closed : List.of("<&-", ">&-", "2>&-", "<&- >&- 2>&-")) {
            var script = "exec " + name + " '" + tree.launcher() + "' " + closed;
            Files.deleteIfExists(seen);
            run(command.command("/bin/sh", "-c", "PATH=$PATH:/usr/bin:/bin; " + script));
            var streams = Files.readAllLines(seen);
            for (int i = 0; i < 3; i++) {
                var isClosed = (" " + closed).contains(List.of(" <&-", " >&-", " 2>&-").get(i));
                assertEquals(isClosed, harmless.contains(streams.get(i)), closed + streams);
            }
        }
    }

    @Test
    void theLauncherIsReplacedByJavaUnderItsProcessId() throws Exception {
        tree.built();
        try (var launcher = Running.start(tree.command(tree.jdk("25"), "echo", "--bind", "a b:1"))) {
            var out = launcher.outcome().out();
            assertEquals("pid " + launcher.process().pid(), out.getFirst());
            assertEquals(List.of("echo", "--bind", "a b:1"), out.subList(out.size() - 3, out.size()));
            assertTrue(out.contains("dev.salvo.cli/dev.salvo.cli.Salvo"));
            assertTrue(out.contains("--enable-native-access=dev.salvo.bindings,dev.salvo.socket"));
        }
    }

    @Test
    void optionsOfSalvoJavaOptsArePassedToJava() throws Exception {
        tree.built();
        var command = tree.command(tree.jdk("25"));
        command.environment().put("SALVO_JAVA_OPTS", "-Xmx64m -Da=b");
        assertTrue(run(command).out().containsAll(List.of("-Xmx64m", "-Da=b")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox"})
    void theLauncherWorksInEveryShellThroughALinkAndFromAnyFolder(String shell) throws Exception {
        Requires.program(shell, shell);
        tree.built();
        var link = Files.createSymbolicLink(folder.resolve("link"), tree.launcher());
        var command = tree.command(tree.jdk("25"));
        var words = shell.equals("busybox") ? List.of(shell, "sh", link.toString()) : List.of(shell, link.toString());
        command.command(words).directory(Path.of("/").toFile());
        var outcome = run(command);
        assertEquals(0, outcome.exitCode(), outcome::toString);
        assertTrue(outcome.out().stream().anyMatch(line -> line.contains("/a tree/java/cli/target/modules:")));
    }

    @Test
    void benchStartsPythonWithoutABuild() throws Exception {
        tree.python("for a; do echo \"$a\"; done");
        var outcome = run("bench", "--only", "a b");
        assertEquals(List.of("-B", tree.root + "/bench/harness", "--only", "a b"), outcome.out());
        assertEquals(0, builds());
    }

    @Test
    void withoutPythonTheErrorOfBenchNamesThePackage() throws Exception {
        var outcome = run("bench");
        assertEquals(3, outcome.exitCode());
        assertTrue(outcome.err().getFirst().contains("apt install python3"), outcome::toString);
    }

    @Test
    void withoutMavenTheErrorNamesThePackage() throws Exception {
        Files.delete(tree.programs.resolve("mvn"));
        var outcome = run();
        assertEquals(1, outcome.exitCode());
        assertTrue(outcome.err().getFirst().contains("no mvn on the PATH (" + tree.programs + ")"), outcome::toString);
        assertTrue(outcome.err().getLast().contains("apt install maven"), outcome::toString);
    }

    @Test
    void aConfiguredJdkThatIsTooOldOrMissingIsRefused() throws Exception {
        tree.built();
        var old = run(tree.command(tree.jdk("17.0.15")));
        assertEquals(1, old.exitCode());
        assertTrue(old.err().getLast().contains("jdk-17.0.15 (17.0.15)"), old::toString);
        var none = run(tree.command(folder.resolve("nowhere")));
        assertEquals(1, none.exitCode());
        assertTrue(none.err().getLast().contains("nowhere/bin/java"), none::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25.0.1", "26-ea", "30.0.2.1"})
    void newerJdksAreAccepted(String version) throws Exception {
        tree.built();
        assertEquals(0, run(tree.command(tree.jdk(version))).exitCode());
    }

    @Test
    void javaHomeAndThePathAreSearchedToo() throws Exception {
        tree.built();
        var jdk = tree.jdk("25");
        var byHome = tree.command(jdk);
        byHome.environment().remove("SALVO_JAVA_HOME");
        byHome.environment().put("JAVA_HOME", jdk.toString());
        assertTrue(run(byHome).out().getFirst().startsWith("pid "));
        var byPath = tree.command(jdk);
        byPath.environment().remove("SALVO_JAVA_HOME");
        Files.createSymbolicLink(tree.programs.resolve("java"), jdk.resolve("bin/java"));
        assertTrue(run(byPath).out().getFirst().startsWith("pid "));
    }

    /** In a mount namespace in which the usual places are empty. */
    @Test
    void withoutAJdkTheErrorListsTheSearchedPlaces() throws Exception {
        var hide = "for d in /usr/lib/jvm /usr/lib64/jvm /usr/java /opt /usr/local; do"
                + " [ ! -d $d ] || mount -t tmpfs none $d; done; exec \"$0\"";
        Requires.success("a mount namespace", "unshare", "-Urm", "sh", "-c", hide, "true");
        tree.built();
        var command = tree.command(tree.jdk("17.0.15"));
        var unshare = List.of("/usr/bin/unshare", "-Urm", "/bin/sh", "-c", "PATH=/usr/bin:/bin; " + hide,
                tree.launcher().toString());
        command.environment().remove("SALVO_JAVA_HOME");
        command.environment().put("JAVA_HOME", folder.resolve("jdk-17.0.15").toString());
        var outcome = run(command.command(unshare));
        assertEquals(1, outcome.exitCode());
        var message = String.join(" ", outcome.err());
        assertTrue(message.contains("needs a JDK 25 or newer"), message);
        assertTrue(message.contains("/usr/lib/jvm"), message);
        assertTrue(message.contains("jdk-17.0.15 (17.0.15)"), message);
        assertTrue(message.contains("SALVO_JAVA_HOME to its folder"), message);
    }
}
