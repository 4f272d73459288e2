package dev.salvo.nio.internal.jdk;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the epoll descriptor of a JDK selector, which has no method for it: /proc/self/fdinfo lists what each epoll
 * descriptor watches (proc_pid_fdinfo(5)), and that of the selector grows with what is registered.
 */
public final class SelectorDescriptor {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private SelectorDescriptor() {}

    /** The descriptor of a selector that nobody else uses yet; throws where /proc is not mounted. */
    public static int of(Selector selector, SelectorProvider provider) throws IOException {
        var before = watched();
        var pipes = new ArrayList<Pipe>();
        try {
            var candidates = new ArrayList<>(before.keySet());
            // Other threads have epoll descriptors too. Theirs do not grow by one each time, or if they do, not thrice.
            for (int markers = 1; markers <= 3; markers++) {
                var pipe = provider.openPipe();
                pipes.add(pipe);
                pipe.source().configureBlocking(false);
                pipe.source().register(selector, SelectionKey.OP_READ);
                selector.selectNow();
                var now = watched();
                var wanted = markers;
                candidates.removeIf(each -> now.getOrDefault(each, -1) != before.getOrDefault(each, 0) + wanted);
            }
            if (candidates.size() != 1) {
                throw new IOException("the descriptor of the JDK's selector was not found in /proc/self/fdinfo: "
                        + candidates.size() + " of " + before.size() + " epoll descriptors fit");
            }
            return candidates.getFirst();
        } finally {
            for (var pipe : pipes) {
                pipe.sink().close();
                pipe.source().close();
            }
            selector.selectNow();
        }
    }

    /** How many descriptors each epoll descriptor of this process watches. */
    private static Map<Integer, Integer> watched() throws IOException {
        var found = new HashMap<Integer, Integer>();
        try (var descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (var each : descriptors) {
                var target = target(each);
                if (target.equals("anon_inode:[eventpoll]")) {
                    var number = each.getFileName().toString();
                    found.put(Integer.parseInt(number), (int) info(number).stream()
                            .filter(line -> line.startsWith("tfd:")).count());
                }
            }
        }
        return found;
    }

    /** Another thread may have closed it meanwhile. */
    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<String> info(String number) {
        try {
            return Files.readAllLines(Path.of("/proc/self/fdinfo", number));
        } catch (IOException e) {
            return List.of();
        }
    }
}
