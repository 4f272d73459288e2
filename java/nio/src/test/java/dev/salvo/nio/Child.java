package dev.salvo.nio;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class in a JVM of its own. */
final class Child {

    private Child() {}

    /** Returns its exit code. */
    static int run(Class<?> main, String... arguments) throws Exception {
        return run(List.of(), main, arguments);
    }

    /** Returns its exit code. */
    static int run(List<String> options, Class<?> main, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).inheritIO().start();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + command);
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
