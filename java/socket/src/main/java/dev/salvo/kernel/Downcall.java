package dev.salvo.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * A function of the C library. It is linked at its first call.
 *
 * <p>
 * errno belongs to the thread, and calls of the JVM itself can overwrite it between a downcall and the next line of
 * Java. So the linker copies it, as part of the downcall, into memory that each thread allocates once
 * ({@link Linker.Option#captureCallState}). If each call allocated that memory, it would take 21 ns instead of 3.6 ns
 * (openjdk/jdk#23517). {@code Linker.Option.critical} is not used anywhere: a critical call that blocks delays every
 * safepoint of the JVM.
 *
 * <p>
 * The handle is deliberately not a constant for the JIT, so that inlining stops here. At each call FFM makes a slice of
 * the memory for errno (jdk.internal.foreign.abi.SharedUtils.checkCaptureSegment), and escape analysis removes the
 * slice only if the whole call was inlined. A constant handle would be inlined into each loop that calls it. In a large
 * loop C2 stops inlining half way (NodeCountInliningCutoff), and each call then allocates 40 bytes, in one run of the
 * JVM and not in the next. A handle that is not constant is compiled by itself, and then C2 always has room for the
 * whole call.
 */
@SuppressWarnings("restricted")
final class Downcall {

    /**
     * Six arguments in registers, of which the first is a number (mostly a descriptor), and one word returned. Most
     * functions share this shape, since linking the first function of a shape takes about 15 ms at start and linking
     * the others takes none (AbstractLinker caches by descriptor). A function with fewer arguments does not read the
     * rest, and it reads the lower half of an argument that is an int (System V ABI for x86-64 3.2.3; AAPCS64 6.8.2;
     * both pass at least six arguments in registers).
     */
    private static final FunctionDescriptor NUMBER_FIRST = FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    /**
     * The functions that transfer data or wait for it: a number, a pointer, two numbers, a pointer, a number, and one
     * word returned. Their numbers may be any, where the shape above makes an object for a large one.
     */
    private static final FunctionDescriptor TRANSFER = FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG);

    private static final FunctionDescriptor POINTER_ALONE = FunctionDescriptor.of(
            JAVA_LONG, ADDRESS);

    /**
     * The largest number that {@link #word} caches: the most messages of one call, so that sending and receiving
     * allocate no arguments.
     */
    private static final int MAX_CACHED = 1024;

    private static final @Nullable MemorySegment[] CACHED = new MemorySegment[MAX_CACHED + 1];

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE_LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE_LAYOUT.byteOffset(PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final ThreadLocal<MemorySegment> STATE = ThreadLocal
            .withInitial(() -> Arena.ofAuto().allocate(STATE_LAYOUT));

    private final String function;
    private final FunctionDescriptor signature;
    /** Two threads may both link it. Each sees a complete handle, since a handle's fields are final. */
    private @Nullable MethodHandle handle;

    private Downcall(String function, FunctionDescriptor signature) {
        this.function = function;
        this.signature = signature;
    }

    /** A function whose first argument is a number. Invoke it with {@code call}. */
    static Downcall of(String function) {
        return new Downcall(function, NUMBER_FIRST);
    }

    /** A function whose only argument is a pointer. Invoke it with {@link #callPointer}. */
    static Downcall ofPointer(String function) {
        return new Downcall(function, POINTER_ALONE);
    }

    /** A function that transfers data or waits for it. Invoke it with the {@code call} of numbers. */
    static Downcall ofTransfer(String function) {
        return new Downcall(function, TRANSFER);
    }

    private MethodHandle handle() {
        var linked = handle;
        return linked != null ? linked : link();
    }

    private MethodHandle link() {
        var address = LINKER.defaultLookup().find(function).orElseThrow(
                () -> new UnsupportedOperationException("The C library of this machine has no function " + function));
        var linked = LINKER.downcallHandle(address, signature, CAPTURE);
        handle = linked;
        return linked;
    }

    /** Calls the function and returns its result. If the function returns an int, only the lower half is valid. */
    long call(long first, MemorySegment second, MemorySegment third, MemorySegment fourth, MemorySegment fifth) {
        try {
            return (long) handle().invokeExact(state(), first, second, third, fourth, fifth, MemorySegment.NULL);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    long call(long first) {
        return call(first, MemorySegment.NULL);
    }

    long call(long first, MemorySegment second) {
        return call(first, second, MemorySegment.NULL);
    }

    long call(long first, MemorySegment second, MemorySegment third) {
        return call(first, second, third, MemorySegment.NULL, MemorySegment.NULL);
    }

    /** Calls a function of {@link #ofTransfer}. */
    long call(long first, MemorySegment pointer, long third, long fourth, MemorySegment fifth, long sixth) {
        try {
            return (long) handle().invokeExact(state(), first, pointer, third, fourth, fifth, sixth);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    long call(long first, MemorySegment pointer, long third, long fourth) {
        return call(first, pointer, third, fourth, MemorySegment.NULL, 0);
    }

    long callPointer(MemorySegment pointer) {
        try {
            return (long) handle().invokeExact(state(), pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Wraps a number, as an argument other than the first. */
    static MemorySegment word(long number) {
        if (number < 0 || number > MAX_CACHED) {
            return MemorySegment.ofAddress(number);
        }
        var word = CACHED[(int) number];
        if (word == null) {
            word = MemorySegment.ofAddress(number);
            CACHED[(int) number] = word;
        }
        return word;
    }

    @Override
    public String toString() {
        return function;
    }

    /** The memory of the calling thread into which the linker copies errno: the first argument of every handle. */
    private static MemorySegment state() {
        return STATE.get();
    }

    /**
     * Converts the result of a function that returns an int, and -1 for a failure: the result itself, or
     * {@code -errno}.
     */
    static int result(long returned) {
        var lower = (int) returned;
        return lower >= 0 ? lower : -errno();
    }

    /** Converts the result of mmap or of a function that returns a ssize_t: the result itself, or {@code -errno}. */
    static long wideResult(long returned) {
        return returned >= 0 ? returned : -errno();
    }

    /** The errno of the calling thread's last downcall. */
    static int errno() {
        return state().get(JAVA_INT, ERRNO);
    }

    /**
     * Converts an exception for rethrowing. MethodHandle declares Throwable, but a downcall throws only unchecked
     * exceptions, about its arguments.
     */
    private static RuntimeException unexpected(Throwable t) {
        if (t instanceof RuntimeException e) {
            return e;
        }
        if (t instanceof Error e) {
            throw e;
        }
        return new IllegalStateException(t);
    }
}
