package dev.salvo.cli.probe;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The result of a probe.
 *
 * @param name the kernel's name for the feature
 * @param tried whether the feature could be tried
 * @param works whether the feature works; false if it could not be tried
 * @param detail a sentence about the result
 * @param value the number in the detail, if it has one
 * @param errno the errno, if a system call failed
 */
public record Feature(String name, boolean tried, boolean works, String detail, OptionalLong value, OptionalInt errno) {

    static Feature works(String name, String detail) {
        return new Feature(name, true, true, detail, OptionalLong.empty(), OptionalInt.empty());
    }

    static Feature works(String name, long value, String detail) {
        return new Feature(name, true, true, detail, OptionalLong.of(value), OptionalInt.empty());
    }

    /** The kernel accepted the option, but the feature had no effect or another effect. */
    static Feature silent(String name, String detail) {
        return new Feature(name, true, false, detail, OptionalLong.empty(), OptionalInt.empty());
    }

    static Feature untried(String name, String reason) {
        return new Feature(name, false, false, "not tried: " + reason, OptionalLong.empty(), OptionalInt.empty());
    }

    static Feature refused(String name, String call, int errno) {
        return new Feature(
                name, true, false, call + ": " + Errno.describe(errno), OptionalLong.empty(), OptionalInt.of(errno));
    }

    static Feature refused(String name, SyscallException e) {
        return new Feature(
                name, true, false, String.valueOf(e.getMessage()), OptionalLong.empty(), OptionalInt.of(e.errno()));
    }
}
