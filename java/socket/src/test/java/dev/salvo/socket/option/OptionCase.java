package dev.salvo.socket.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;
import org.junit.jupiter.api.function.Executable;

/** The effect of a row on a fresh socket of a family. */
public record OptionCase(SockOpt<?> option, StandardProtocolFamily family, String what, Check check) {

    /** The use of the socket, with its assertions. */
    public interface Check {
        void on(UdpSocket socket) throws IOException;
    }

    /** Numbers of linux/capability.h. */
    public static final int NET_ADMIN = 12;
    static final int NET_RAW = 13;

    static <T> OptionCase readsBack(SockOpt<T> option, StandardProtocolFamily family, T set, T read) {
        return new OptionCase(option, family, set + " reads as " + read, socket -> {
            socket.set(option, set);
            assertEquals(read, socket.get(option));
        });
    }

    static <T> OptionCase refused(SockOpt<T> option, StandardProtocolFamily family, T value, int errno) {
        return new OptionCase(
                option, family, value + " is " + Errno.name(errno),
                socket -> assertRefused(socket, option, value, errno));
    }

    static <T> OptionCase readOnly(SockOpt<T> option, StandardProtocolFamily family, T read) {
        return new OptionCase(option, family, "is " + read, socket -> {
            assertEquals(read, socket.get(option));
            assertRefused(socket, option, read, Errno.ENOPROTOOPT);
        });
    }

    static <T> OptionCase setOnly(SockOpt<T> option, StandardProtocolFamily family, T value) {
        return new OptionCase(option, family, "takes " + value + " and is not read", socket -> {
            socket.set(option, value);
            assertUnreadable(socket, option, Errno.ENOPROTOOPT);
        });
    }

    static <T> void assertRefused(UdpSocket socket, SockOpt<T> option, T value, int errno) throws SyscallException {
        assertErrno(errno, () -> socket.set(option, value));
    }

    static void assertUnreadable(UdpSocket socket, SockOpt<?> option, int errno) throws SyscallException {
        assertErrno(errno, () -> socket.get(option));
    }

    /** Throws ENOPROTOOPT on, where another errno is expected: a kernel that does not know the option. */
    private static void assertErrno(int errno, Executable call) throws SyscallException {
        var refusal = assertThrows(SyscallException.class, call);
        if (refusal.errno() == Errno.ENOPROTOOPT && errno != Errno.ENOPROTOOPT) {
            throw refusal;
        }
        assertEquals(Errno.name(errno), Errno.name(refusal.errno()));
    }

    /** Without any of the capabilities the option fails with EPERM; then the case asserts that instead. */
    public OptionCase needing(int... capabilities) {
        if (hasOneOf(capabilities)) {
            return this;
        }
        return new OptionCase(
                option, family, "is EPERM without a capability",
                socket -> assertErrno(Errno.EPERM, () -> check.on(socket)));
    }

    /**
     * An older kernel may not know the option; then the case is skipped, with the kernel's answer. It may know it, too:
     * some were given the option later.
     */
    OptionCase since(int major, int minor) {
        return new OptionCase(option, family, what, socket -> {
            try {
                check.on(socket);
            } catch (SyscallException e) {
                if (e.errno() == Errno.ENOPROTOOPT && kernel() < version(major, minor)) {
                    abort(e.getMessage() + "; Linux has it since " + major + "." + minor);
                }
                throw e;
            }
        });
    }

    /** An older kernel accepts a value that this case expects to be refused; then the case is skipped. */
    OptionCase refusedSince(int major, int minor) {
        return new OptionCase(option, family, what, socket -> {
            try {
                check.on(socket);
            } catch (AssertionError e) {
                if (kernel() < version(major, minor)) {
                    abort(e.getMessage() + "; Linux refuses it since " + major + "." + minor);
                }
                throw e;
            }
        });
    }

    private static int kernel() {
        var numbers = new Scanner(System.getProperty("os.version")).useDelimiter("\\D+");
        return version(numbers.nextInt(), numbers.nextInt());
    }

    private static int version(int major, int minor) {
        return major * 1000 + minor;
    }

    private static boolean hasOneOf(int... capabilities) {
        try (var lines = Files.lines(Path.of("/proc/thread-self/status"))) {
            var line = lines.filter(l -> l.startsWith("CapEff:")).findFirst().orElseThrow();
            var effective = Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16);
            for (var capability : capabilities) {
                if ((effective >>> capability & 1) != 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return option + " " + family + " " + what;
    }
}
