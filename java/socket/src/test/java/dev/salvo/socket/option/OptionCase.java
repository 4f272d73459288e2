package dev.salvo.socket.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;

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

    static <T> void assertRefused(UdpSocket socket, SockOpt<T> option, T value, int errno) {
        var refusal = assertThrows(SyscallException.class, () -> socket.set(option, value));
        assertEquals(Errno.name(errno), Errno.name(refusal.errno()));
    }

    static void assertUnreadable(UdpSocket socket, SockOpt<?> option, int errno) {
        var refusal = assertThrows(SyscallException.class, () -> socket.get(option));
        assertEquals(Errno.name(errno), Errno.name(refusal.errno()));
    }

    /** Without any of the capabilities the option fails with EPERM; then the case asserts that instead. */
    public OptionCase needing(int... capabilities) {
        if (hasOneOf(capabilities)) {
            return this;
        }
        return new OptionCase(option, family, "is EPERM without a capability", socket -> {
            var refusal = assertThrows(SyscallException.class, () -> check.on(socket));
            assertEquals(Errno.name(Errno.EPERM), Errno.name(refusal.errno()));
        });
    }

    /** An older kernel does not know the option; then the case asserts that instead. */
    OptionCase since(int major, int minor) {
        var version = new Scanner(System.getProperty("os.version")).useDelimiter("\\D+");
        var running = version.nextInt() * 1000 + version.nextInt();
        if (running >= major * 1000 + minor) {
            return this;
        }
        return new OptionCase(option, family, "is too new", socket -> {
            var refusal = assertThrows(SyscallException.class, () -> check.on(socket));
            assertEquals(Errno.name(Errno.ENOPROTOOPT), Errno.name(refusal.errno()));
        });
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
