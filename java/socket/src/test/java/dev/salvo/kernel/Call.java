package dev.salvo.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One call as it reached the kernel.
 *
 * @param name which
 * @param arguments as {@link Kernel} has them, in its order; memory is worth reading only while the call is answered
 * @param machine makes the call for real
 */
public record Call(Syscall name, List<Object> arguments, LongSupplier machine) {

    /** The first argument, which is the descriptor of every call that has one. */
    public int fd() {
        return number(0);
    }

    public int number(int index) {
        return ((Number) arguments.get(index)).intValue();
    }

    public MemorySegment memory(int index) {
        return (MemorySegment) arguments.get(index);
    }

    /** Makes the real call and returns its result, or {@code -errno}. */
    public long passOn() {
        return machine.getAsLong();
    }

    @Override
    public String toString() {
        var numbers = arguments.stream().filter(Number.class::isInstance).toList();
        return name + numbers.toString();
    }
}
