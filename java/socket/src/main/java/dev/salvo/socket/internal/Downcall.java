package dev.salvo.socket.internal;

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
 * A function of the C library, linked when it is first called.
 *
 * <p>errno belongs to the thread, and the JVM's own calls overwrite it between a downcall and the next line of Java. So
 * the linker copies it, as part of the downcall, into memory that each thread allocates once
 * ({@link Linker.Option#captureCallState}; allocating it for each call costs 21 ns against 3.6 ns, says
 * openjdk/jdk#23517). {@code Linker.Option.critical} is used nowhere: a critical call that blocks holds up every
 * safepoint of the JVM.
 *
 * <p>The handle is no constant to the JIT, and that is meant: it ends the inlining here. FFM makes a slice of the
 * memory for errno at each call (jdk.internal.foreign.abi.SharedUtils.checkCaptureSegment), which escape analysis
 * removes only if all of the call was inlined. A constant handle is inlined into whatever loop calls it, and where that
 * loop is large C2 stops half way (NodeCountInliningCutoff): 40 bytes at each call, in one JVM and not in the next. As
 * it is, the JIT compiles the handle by itself, where there is always room.
 */
@SuppressWarnings("restricted")
final class Downcall {

    /**
     * Six words in registers, of which the first is a number, a descriptor mostly, and one word back. Linking the first
     * function of a shape takes some 15 ms of a start and the next none (AbstractLinker keeps what it made by
     * descriptor), so all share this one. A function of fewer arguments does not read the rest, and of an int it reads
     * the lower half (System V ABI for x86-64 3.2.3; AAPCS64 6.8.2; both pass at least six).
     */
    private static final FunctionDescriptor NUMBER_FIRST = FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    private static final FunctionDescriptor POINTER_ALONE = FunctionDescriptor.of(
            JAVA_LONG, ADDRESS);

    /** Up to the most messages of a call, so that no number of those that are called again and again is an object. */
    private static final int MOST_SMALL = 1024;

    private static final @Nullable MemorySegment[] SMALL = new MemorySegment[MOST_SMALL + 1];

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE_LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE_LAYOUT.byteOffset(PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final ThreadLocal<MemorySegment> STATE = ThreadLocal
            .withInitial(() -> Arena.ofAuto().allocate(STATE_LAYOUT));

    private final String function;
    private final FunctionDescriptor signature;
    /** Two threads may both link it; each sees a whole handle, whose fields are final. */
    private @Nullable MethodHandle handle;

    private Downcall(String function, FunctionDescriptor signature) {
        this.function = function;
        this.signature = signature;
    }

    /** A function whose first argument is a number: for {@code call}. */
    static Downcall of(String function) {
        return new Downcall(function, NUMBER_FIRST);
    }

    /** A function whose only argument is a pointer: for {@link #callPointer}. */
    static Downcall ofPointer(String function) {
        return new Downcall(function, POINTER_ALONE);
    }

    /**
     * A function that starts do without, and whose numbers may be large: for {@link #handle}, {@link #state} in front.
     */
    static Downcall of(String function, FunctionDescriptor signature) {
        return new Downcall(function, signature);
    }

    boolean exists() {
        return LINKER.defaultLookup().find(function).isPresent();
    }

    MethodHandle handle() {
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

    /** What a function returned; of one that returns an int, the lower half counts. */
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

    long callPointer(MemorySegment pointer) {
        try {
            return (long) handle().invokeExact(state(), pointer);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** A number as an argument that is not the first. */
    static MemorySegment word(long number) {
        if (number < 0 || number > MOST_SMALL) {
            return MemorySegment.ofAddress(number);
        }
        var word = SMALL[(int) number];
        if (word == null) {
            word = MemorySegment.ofAddress(number);
            SMALL[(int) number] = word;
        }
        return word;
    }

    /** The memory of the calling thread into which the linker copies errno: the first argument of every handle. */
    static MemorySegment state() {
        return STATE.get();
    }

    /** The result of a function of type int that reports failure as -1: itself, or {@code -errno}. */
    static int result(long returned) {
        var lower = (int) returned;
        return lower >= 0 ? lower : -errno();
    }

    /** The result of a function of type ssize_t or of mmap: itself, or {@code -errno}. */
    static long wideResult(long returned) {
        return returned >= 0 ? returned : -errno();
    }

    /** As the thread's last downcall left it. */
    static int errno() {
        return state().get(JAVA_INT, ERRNO);
    }

    /** A MethodHandle declares Throwable; a downcall throws nothing but what the arguments deserve. */
    static RuntimeException unexpected(Throwable t) {
        if (t instanceof RuntimeException e) {
            return e;
        }
        if (t instanceof Error e) {
            throw e;
        }
        return new IllegalStateException(t);
    }
}
