package dev.salvo.cli.probe;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SyscallException;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What came of trying something.
 *
 * @param name the kernel's name for it
 * @param works whether it did what it is for
 * @param detail what was seen
 * @param value the number in that, where there is one
 * @param errno what the kernel answered where it refused
 */
public record Feature(String name, boolean works, String detail, OptionalLong value, OptionalInt errno) {

    static Feature works(String name, String detail) {
        return new Feature(name, true, detail, OptionalLong.empty(), OptionalInt.empty());
    }

    static Feature works(String name, long value, String detail) {
        return new Feature(name, true, detail, OptionalLong.of(value), OptionalInt.empty());
    }

    /** The kernel took it and then did something else. */
    static Feature silent(String name, String detail) {
        return new Feature(name, false, detail, OptionalLong.empty(), OptionalInt.empty());
    }

    static Feature refused(String name, String call, int errno) {
        return new Feature(
                name, false, call + ": " + Errno.describe(errno), OptionalLong.empty(), OptionalInt.of(errno));
    }

    static Feature refused(String name, SyscallException e) {
        return new Feature(
                name, false, String.valueOf(e.getMessage()), OptionalLong.empty(), OptionalInt.of(e.errno()));
    }
}
