package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.salvo.testing.NetNamespace;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code salvo listen} on a thread of its own. Its arguments must have a --count, which ends it. */
final class Listening {

    private final Captured captured = new Captured();
    private final FutureTask<Integer> task;

    private Listening(@Nullable NetNamespace namespace, String... arguments) {
        var command = Stream.concat(Stream.of("listen"), Arrays.stream(arguments)).toArray(String[]::new);
        task = new FutureTask<>(() -> {
            if (namespace != null) {
                namespace.enter();
            }
            return captured.run(command);
        });
        Thread.ofPlatform().daemon().start(task);
    }

    static Listening start(String... arguments) {
        return new Listening(null, arguments);
    }

    static Listening in(NetNamespace namespace, String... arguments) {
        return new Listening(namespace, arguments);
    }

    /** Waits until it listens, and returns its port. */
    int port() throws Exception {
        for (int i = 0; i < 3000 && !task.isDone(); i++) {
            var line = captured.err().stream().filter(each -> each.contains("listening on ")).findFirst();
            if (line.isPresent()) {
                return Integer.parseInt(line.get().substring(line.get().lastIndexOf(':') + 1));
            }
            Thread.sleep(10);
        }
        return fail("it does not listen: " + captured.err());
    }

    /** Waits until it ends with exit code 0. Returns its output, with PORT in place of each source port. */
    List<String> lines() throws Exception {
        assertTrue(task.get(30, TimeUnit.SECONDS) == 0, captured.err()::toString);
        return captured.out().stream().map(line -> line.replaceFirst("(\\.\\d+|]):\\d+", "$1:PORT")).toList();
    }

    /** The last line of stderr. */
    String total() {
        return captured.err().getLast();
    }
}
