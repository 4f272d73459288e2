package dev.salvo.socket.handover;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernel;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.SyscallErrors;
import dev.salvo.socket.internal.unix.Environment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors that systemd, or systemd-socket-activate, passed to this process when it started it
 * (sd_listen_fds(3)).
 *
 * <p>
 * They are open when the process starts. {@link dev.salvo.socket.UdpSocket#adopt} takes one of them over. This class
 * does not check what kind of socket a descriptor is. Instances are immutable.
 */
public final class SystemdSockets {

    /**
     * A descriptor and its name.
     *
     * @param name FileDescriptorName= of the socket unit, by default the name of the unit; {@code unknown} from a
     *     systemd older than 227. Several descriptors may have the same name
     * @param descriptor the number of the descriptor, 3 or above
     */
    public record Inherited(String name, int descriptor) {
    }

    private static final String PID = "LISTEN_PID";
    private static final String COUNT = "LISTEN_FDS";
    private static final String NAMES = "LISTEN_FDNAMES";
    /**
     * The inode of the process's pidfd, set by newer versions of systemd. Unset with the others, but not read, since
     * the process id is enough.
     */
    private static final String PID_FD = "LISTEN_PIDFDID";

    private static final List<String> VARIABLES = List.of(PID, COUNT, NAMES, PID_FD);

    /** SD_LISTEN_FDS_START of sd-daemon.h. */
    private static final int FIRST = 3;

    /** At most nine digits, which fit into an int. systemd writes plain digits, too. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private final List<Inherited> inherited;

    private SystemdSockets(List<Inherited> inherited) {
        this.inherited = List.copyOf(inherited);
    }

    /**
     * Takes over the descriptors that were passed to this process, and sets each to be closed on exec.
     *
     * <p>
     * LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES and LISTEN_PIDFDID are unset in the C library, so that the descriptors are
     * not found a second time: not by another call, not by native code, and not by a child of this process. Java's own
     * copy of the environment keeps the variables. A child receives that copy only if
     * {@link ProcessBuilder#environment} is called, and then with a LISTEN_PID that is not the child's process id.
     *
     * <p>
     * Any thread may call this. Call it before there are other threads, since a concurrent getenv in native code is not
     * safe from unsetenv (getenv(3)).
     *
     * @return the descriptors; none if LISTEN_PID is not this process's id in decimal digits, or if LISTEN_FDS is not a
     * number above 0 in decimal digits. A shell that starts java without exec leaves the shell's own id in LISTEN_PID
     * @throws SyscallException EBADF if one of the LISTEN_FDS descriptors is not open
     * @throws IOException if the number of names in LISTEN_FDNAMES is not LISTEN_FDS. The descriptors then stay open
     *     without an owner, as they do if sd_listen_fds_with_names(3) fails
     */
    public static SystemdSockets fromEnvironment() throws IOException {
        var kernel = Kernels.current();
        var environment = new HashMap<String, String>();
        // Two threads must not both find the variables. The C library records that they were taken: the process has one
        // C library, but one static field for each class loader.
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

    /** Reads the variables of an environment, and removes them from it. */
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

    /** The number that the text is; -1 if it is not one. */
    private static int number(@Nullable String text) {
        return text != null && NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1;
    }

    /**
     * All descriptors with their names.
     *
     * @return in the order of their numbers
     */
    public List<Inherited> inherited() {
        return inherited;
    }

    /**
     * All descriptors.
     *
     * @return in the order of their numbers
     */
    public List<Integer> descriptors() {
        return inherited.stream().map(Inherited::descriptor).toList();
    }

    /**
     * The descriptors that have a name.
     *
     * @param name the name, FileDescriptorName= of the socket unit
     * @return in the order of their numbers; empty if none has the name
     */
    public List<Integer> descriptors(String name) {
        return inherited.stream().filter(each -> each.name().equals(name)).map(Inherited::descriptor).toList();
    }
}
