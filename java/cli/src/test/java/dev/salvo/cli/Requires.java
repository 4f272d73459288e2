package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The programs and rights that a test needs. If one is missing, the test is skipped with the reason. With CI=true in
 * the environment the test fails instead, since a skipped test proves nothing.
 */
final class Requires {

    private Requires() {}

    /** A program on the PATH. */
    static void program(String name, String debianPackage) {
        var path = System.getenv().getOrDefault("PATH", "");
        var found = Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        if (!found) {
            missing(name, name + " is not on the PATH (Debian package " + debianPackage + ")");
        }
    }

    /** A command that succeeds. */
    static void success(String what, String... command) throws Exception {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                missing(what, "this failed: " + String.join(" ", command));
            }
        } catch (IOException e) {
            missing(what, String.valueOf(e.getMessage()));
        }
    }

    private static void missing(String what, String reason) {
        var message = "needs " + what + ": skipped because " + reason;
        if ("true".equals(System.getenv("CI"))) {
            fail(message + "; CI=true allows no skipped tests");
        }
        abort(message);
    }
}
