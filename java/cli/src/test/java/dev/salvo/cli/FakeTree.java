package dev.salvo.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The launcher in a repository of empty files. The JDK and Maven are shell scripts: Maven records each call and makes
 * the jar, and java prints its arguments.
 */
final class FakeTree {

    private static final List<String> SOURCES = List.of(
            "pom.xml",
            "bindings/pom.xml",
            "bindings/src/main/java/B.java",
            "java/socket/pom.xml",
            "java/socket/src/main/java/S.java",
            "java/protocol/pom.xml",
            "java/protocol/src/main/java/P.java",
            "java/cli/pom.xml",
            "java/cli/src/main/java/C.java");

    private final Path folder;
    final Path root;
    final Path programs;
    final Path calls;

    FakeTree(Path folder) throws IOException {
        this.folder = folder;
        this.root = Files.createDirectory(folder.resolve("a tree"));
        this.programs = Files.createDirectory(folder.resolve("programs"));
        this.calls = Files.createFile(folder.resolve("calls"));
        Files.copy(Running.root().resolve("salvo"), launcher());
        Files.setPosixFilePermissions(launcher(), PosixFilePermissions.fromString("rwxr-xr-x"));
        for (var source : SOURCES) {
            var file = root.resolve(source);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
    }

    Path launcher() {
        return root.resolve("salvo");
    }

    Path jar() {
        return root.resolve("java/cli/target/salvo-cli.jar");
    }

    /** Makes the tree look as if it had been built a minute ago, from older sources. */
    void built() throws IOException {
        Files.createDirectories(jar().getParent());
        Files.writeString(jar(), "");
        age(root, 120);
        Files.setLastModifiedTime(jar(), FileTime.from(Instant.now().minusSeconds(60)));
    }

    private static void age(Path root, int seconds) throws IOException {
        try (var all = Files.walk(root)) {
            for (var file : all.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(seconds)));
            }
        }
    }

    /** Makes a JDK of a version, whose java prints its process id and its arguments. */
    Path jdk(String version) throws IOException {
        var jdk = folder.resolve("jdk-" + version);
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(jdk.resolve("bin/java"), "echo \"pid $$\"; for a; do echo \"$a\"; done");
        script(jdk.resolve("bin/javac"), "exit 1");
        return jdk;
    }

    /** Makes the java of a JDK run the action. */
    void java(Path jdk, String action) throws IOException {
        script(jdk.resolve("bin/java"), action);
    }

    /** Makes a Maven that records its call and then runs the action. */
    void maven(String action) throws IOException {
        script(programs.resolve("mvn"), "echo \"mvn $*\" >> '" + calls + "'; " + action);
    }

    /** Makes a Python that runs the action. */
    void python(String action) throws IOException {
        script(programs.resolve("python3"), action);
    }

    /** The shell command by which a build makes the jar. */
    String makesTheJar() {
        return "mkdir -p '" + jar().getParent() + "'; : > '" + jar() + "'";
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n", StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The launcher as a command. Its PATH has only the programs that it may use. */
    ProcessBuilder command(Path jdk, String... arguments) throws IOException {
        for (var needed : List.of("dirname", "readlink", "find", "mkdir", "touch", "rm", "cat", "flock", "sleep")) {
            // Not a link: JUnit warns of links that point out of the temporary folder when it deletes the folder.
            script(programs.resolve(needed), "exec " + where(needed) + " \"$@\"");
        }
        var command = new ArrayList<>(List.of(launcher().toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", programs.toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("SALVO_JAVA_HOME", jdk.toString());
        return builder;
    }

    private static Path where(String program) throws IOException {
        for (var place : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(place, program))) {
                return Path.of(place, program);
            }
        }
        throw new IOException("no " + program + " on the PATH");
    }
}
