package dev.salvo.socket.internal.unix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.sockaddr_un;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** The {@code struct sockaddr_un} of a path (unix(7)). */
public final class UnixAddress {

    /** sun_path has room for 108 bytes, the last of them zero. */
    private static final int MOST = 107;

    private UnixAddress() {}

    /**
     * The struct of a path. Its size is the length to pass to bind and connect.
     *
     * @throws IllegalArgumentException if the path is empty (bind would choose an abstract name), has more than 107
     *     bytes, or is not of the default file system
     */
    public static MemorySegment of(Path path, Arena arena) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("not a path of the default file system: " + path);
        }
        // The same conversion as in sun.nio.fs.UnixFileSystem.
        var bytes = path.toString().getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")));
        if (bytes.length == 0 || bytes.length > MOST) {
            throw new IllegalArgumentException("the path of a Unix socket must have 1 to " + MOST + " bytes, not "
                    + bytes.length + ": " + path);
        }
        var address = arena.allocate(sockaddr_un.sun_path$offset() + bytes.length + 1, Short.BYTES);
        address.set(JAVA_SHORT, sockaddr_un.sun_family$offset(), (short) Linux.AF_UNIX());
        MemorySegment.copy(bytes, 0, address, JAVA_BYTE, sockaddr_un.sun_path$offset(), bytes.length);
        return address;
    }
}
