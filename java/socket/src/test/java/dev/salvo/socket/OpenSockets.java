package dev.salvo.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The sockets that this process has open. Not all its descriptors: the JVM opens jars when it likes. */
final class OpenSockets {

    private static final Path FOLDER = Path.of("/proc/self/fd");

    private OpenSockets() {}

    /** The descriptors, each with the inode of its socket as /proc tells it. */
    static Map<String, String> now() throws IOException {
        var found = new TreeMap<String, String>();
        try (var links = Files.newDirectoryStream(FOLDER)) {
            for (var link : links) {
                try {
                    var target = Files.readSymbolicLink(link).toString();
                    if (target.startsWith("socket:")) {
                        found.put(link.getFileName().toString(), target);
                    }
                } catch (IOException e) {
                    // Closed meanwhile; the one that lists the folder always is.
                }
            }
        }
        return found;
    }
}
