package dev.salvo.socket.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * What the classes of downcalls share: how a handle is made, and how errno comes back.
 *
 * <p>errno belongs to the thread, and the JVM's own calls overwrite it between a downcall and the next line of Java. So
 * the linker copies it, as part of the downcall, into memory that each thread allocates once
 * ({@link Linker.Option#captureCallState}; allocating it for each call costs 21 ns against 3.6 ns, says
 * openjdk/jdk#23517). {@code Linker.Option.critical} is used nowhere: a critical call that blocks holds up every
 * safepoint of the JVM.
 */
@SuppressWarnings("restricted")
final class Downcalls {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE_LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE_LAYOUT.byteOffset(PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final ThreadLocal<MemorySegment> STATE = ThreadLocal
            .withInitial(() -> Arena.ofAuto().allocate(STATE_LAYOUT));

    private Downcalls() {}

    static MethodHandle handle(String function, FunctionDescriptor signature) {
        return optionalHandle(function, signature).orElseThrow(
                () -> new UnsupportedOperationException("The C library of this machine has no function " + function));
    }

    static Optional<MethodHandle> optionalHandle(String function, FunctionDescriptor signature) {
        return LINKER.defaultLookup().find(function).map(f -> LINKER.downcallHandle(f, signature, CAPTURE));
    }

    static MethodHandle variadicHandle(String function, FunctionDescriptor signature, int firstVariadicArgument) {
        var address = LINKER.defaultLookup().find(function).orElseThrow();
        return LINKER.downcallHandle(
                address, signature, CAPTURE, Linker.Option.firstVariadicArg(firstVariadicArgument));
    }

    /** The memory of the calling thread into which the linker copies errno: the first argument of every handle. */
    static MemorySegment state() {
        return STATE.get();
    }

    /** The result of a call that reports failure as -1: itself, or {@code -errno}. */
    static int result(int returned, MemorySegment state) {
        return returned >= 0 ? returned : -errno(state);
    }

    static long result(long returned, MemorySegment state) {
        return returned >= 0 ? returned : -errno(state);
    }

    static int errno(MemorySegment state) {
        return state.get(JAVA_INT, ERRNO);
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
