package dev.salvo.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The open sockets of this process. Other descriptors do not count, since the JVM may open jars at any time. */
public final class OpenSockets {

    private static final Path FOLDER = Path.of("/proc/self/fd");

    private OpenSockets() {}

    /** The descriptors, each with the inode of its socket from /proc. */
    public static Map<String, String> now() throws IOException {
        var found = new TreeMap<String, String>();
        try (var links = Files.newDirectoryStream(FOLDER)) {
            for (var link : links) {
                try {
                    var target = Files.readSymbolicLink(link).toString();
                    if (target.startsWith("socket:")) {
                        found.put(link.getFileName().toString(), target);
                    }
                } catch (IOException e) {
                    // The descriptor was closed meanwhile, as is always the one that lists the folder.
                }
            }
        }
        return found;
    }
}
