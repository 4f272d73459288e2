package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.socket.internal.Environment;
import dev.salvo.socket.internal.Kernel;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.SyscallErrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors that systemd, or systemd-socket-activate, handed to this process as it started it: sd_listen_fds(3).
 *
 * <p>They are the process's from its first instruction on; {@link UdpSocket#adopt} takes one. What kind of socket each
 * is, is not looked at here. Immutable.
 */
public final class SystemdSockets {

    /**
     * A descriptor, and what it is called.
     *
     * @param name FileDescriptorName= of the socket unit, which is the unit's own name unless set; {@code unknown} from
     *     a systemd older than 227. Several may have the same
     * @param descriptor its number, 3 or above
     */
    public record Inherited(String name, int descriptor) {
    }

    private static final String PID = "LISTEN_PID";
    private static final String COUNT = "LISTEN_FDS";
    private static final String NAMES = "LISTEN_FDNAMES";
    /** The inode of the process's pidfd, of newer systemds: unset with the others. The pid says enough. */
    private static final String PID_FD = "LISTEN_PIDFDID";

    private static final List<String> VARIABLES = List.of(PID, COUNT, NAMES, PID_FD);

    /** SD_LISTEN_FDS_START of sd-daemon.h. */
    private static final int FIRST = 3;

    /** At most nine digits, for an int; systemd writes them so. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private final List<Inherited> inherited;

    private SystemdSockets(List<Inherited> inherited) {
        this.inherited = List.copyOf(inherited);
    }

    /**
     * Takes what this process was handed. Each descriptor is set to be closed on exec, and LISTEN_PID, LISTEN_FDS,
     * LISTEN_FDNAMES and LISTEN_PIDFDID are unset in the C library, so that nothing is found a second time: not by
     * another call, not by native code, and not by a child of this process. Java's own copy of the environment keeps
     * them; a child sees that copy only through {@link ProcessBuilder#environment}, with a LISTEN_PID that is not its
     * own. May be called by any thread; call it before there are others, since native code that calls getenv at the
     * same moment is not safe from unsetenv (getenv(3)).
     *
     * @return none if LISTEN_PID is not this process's id in decimal digits (a shell that started java without exec
     * leaves its own there), or if LISTEN_FDS is not a number above 0 in decimal digits
     * @throws SyscallException EBADF if one of so many descriptors is not open
     * @throws IOException if LISTEN_FDNAMES has another number of names. The descriptors are open then, and nobody's:
     *     sd_listen_fds_with_names(3) does the same
     */
    public static SystemdSockets fromEnvironment() throws IOException {
        var kernel = Kernels.current();
        var environment = new HashMap<String, String>();
        // Two threads must not both find them. The claim itself is kept by the C library, which is one for the
        // process where a static field would be one for each class loader.
        synchronized (SystemdSockets.class) {
            for (var name : VARIABLES) {
                var value = Environment.take(kernel, name);
                if (value != null) {
                    environment.put(name, value);
                }
            }
        }
        return fromEnvironment(environment, ProcessHandle.current().pid(), FIRST, kernel);
    }

    /** What an environment says, from which the variables are removed. */
    static SystemdSockets fromEnvironment(Map<String, String> environment, long pid, int first, Kernel kernel)
            throws IOException {
        var forProcess = number(environment.get(PID));
        var count = number(environment.get(COUNT));
        var names = environment.get(NAMES);
        VARIABLES.forEach(environment::remove);
        if (forProcess != pid || count <= 0) {
            return new SystemdSockets(List.of());
        }
        for (int fd = first; fd < first + count; fd++) {
            var result = kernel.fcntl(fd, Linux.F_SETFD(), Linux.FD_CLOEXEC());
            SyscallErrors.check("fcntl", COUNT + "=" + count + ", descriptor " + fd, result);
        }
        return new SystemdSockets(named(first, count, names));
    }

    private static List<Inherited> named(int first, int count, @Nullable String text) throws IOException {
        var names = text == null ? Collections.nCopies(count, "unknown") : List.of(text.split(":", -1));
        if (names.size() != count) {
            throw new IOException(NAMES + "=" + text + " has " + names.size() + " names for " + count + " descriptors");
        }
        var found = new ArrayList<Inherited>();
        for (int i = 0; i < count; i++) {
            found.add(new Inherited(names.get(i), first + i));
        }
        return found;
    }

    /** The number, or -1. */
    private static int number(@Nullable String text) {
        return text != null && NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1;
    }

    /**
     * All of them, with their names.
     *
     * @return in the order of their numbers
     */
    public List<Inherited> inherited() {
        return inherited;
    }

    /**
     * All of them.
     *
     * @return in the order of their numbers
     */
    public List<Integer> descriptors() {
        return inherited.stream().map(Inherited::descriptor).toList();
    }

    /**
     * Those of a name.
     *
     * @param name as the socket unit has it
     * @return in the order of their numbers; empty if none is called so
     */
    public List<Integer> descriptors(String name) {
        return inherited.stream().filter(each -> each.name().equals(name)).map(Inherited::descriptor).toList();
    }
}
