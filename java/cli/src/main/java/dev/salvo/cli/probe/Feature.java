package dev.salvo.cli.probe;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The result of a probe.
 *
 * @param name the kernel's name for the feature
 * @param result whether the feature works
 * @param detail a sentence about the result
 * @param value the number in the detail, if it has one
 * @param errno the errno, if a system call failed
 */
public record Feature(String name, Result result, String detail, OptionalLong value, OptionalInt errno) {

    /** The three results of a probe. */
    public enum Result {
        /** The effect was seen. */
        WORKS,
        /** The kernel refused the feature, or accepted it without the effect. */
        FAILS,
        /** The kernel accepted the feature, but nothing came that could show the effect. */
        UNTRIED
    }

    static Feature works(String name, String detail) {
        return new Feature(name, Result.WORKS, detail, OptionalLong.empty(), OptionalInt.empty());
    }

    static Feature works(String name, long value, String detail) {
        return new Feature(name, Result.WORKS, detail, OptionalLong.of(value), OptionalInt.empty());
    }

    /** The kernel accepted the option, but the feature had no effect or another effect. */
    static Feature silent(String name, String detail) {
        return new Feature(name, Result.FAILS, detail, OptionalLong.empty(), OptionalInt.empty());
    }

    /** The kernel accepted the option, but loopback gave it nothing to work on. */
    static Feature untried(String name, String detail) {
        return new Feature(name, Result.UNTRIED, detail, OptionalLong.empty(), OptionalInt.empty());
    }

    static Feature refused(String name, String call, int errno) {
        return new Feature(
                name, Result.FAILS, call + ": " + Errno.describe(errno), OptionalLong.empty(), OptionalInt.of(errno));
    }

    static Feature refused(String name, SyscallException e) {
        return new Feature(
                name, Result.FAILS, String.valueOf(e.getMessage()), OptionalLong.empty(), OptionalInt.of(e.errno()));
    }
}
