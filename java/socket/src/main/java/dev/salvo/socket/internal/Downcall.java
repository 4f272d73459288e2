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
     * Six words in registers, and one back. The first function of a shape takes the linker some 12 ms, the next none
     * (AbstractLinker keeps what it made by descriptor), so that the functions of a start share this one. A function of
     * fewer arguments does not read the rest, and of an int it reads the lower half (System V ABI for x86-64 3.2.3;
     * AAPCS64 6.8.2; both pass at least six). The price is an object for each number that is not small: nothing for
     * what is called again and again.
     */
    private static final FunctionDescriptor WORDS = FunctionDescriptor.of(
            JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    /** The shape of what an echo does again and again: a descriptor, an address, an int, two addresses. */
    private static final FunctionDescriptor HOT = FunctionDescriptor.of(
            JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);

    /** Numbers as words that are made once: flags and levels are among them. */
    private static final MemorySegment[] SMALL = new MemorySegment[256];

    static {
        for (int i = 0; i < SMALL.length; i++) {
            SMALL[i] = MemorySegment.ofAddress(i);
        }
    }

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

    /** A function that is called now and then: by {@link #call} alone. */
    static Downcall ofWords(String function) {
        return new Downcall(function, WORDS);
    }

    /** A function of (int, word, int, word, word) that returns an int: see {@link #of}. */
    static Downcall ofHot(String function) {
        return new Downcall(function, HOT);
    }

    /** A function that is called again and again, by {@link #handle} with {@link #state} in front. */
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

    /** What a function of words returned; of one that returns an int, the lower half counts. */
    long call(MemorySegment... words) {
        try {
            return (long) handle().invokeExact(
                    state(), at(words, 0), at(words, 1), at(words, 2), at(words, 3), at(words, 4),
                    at(words, 5));
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static MemorySegment at(MemorySegment[] words, int i) {
        return i < words.length ? words[i] : MemorySegment.NULL;
    }

    static MemorySegment word(long number) {
        return number >= 0 && number < SMALL.length ? SMALL[(int) number] : MemorySegment.ofAddress(number);
    }

    /** What a function of words that returns an int, and -1 for failure, returned: itself, or {@code -errno}. */
    int callInt(MemorySegment... words) {
        return result((int) call(words));
    }

    /** The memory of the calling thread into which the linker copies errno: the first argument of every handle. */
    static MemorySegment state() {
        return STATE.get();
    }

    /** The result of a call that reports failure as -1: itself, or {@code -errno} of the thread's last downcall. */
    static int result(int returned) {
        return returned >= 0 ? returned : -errno();
    }

    static long result(long returned) {
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
