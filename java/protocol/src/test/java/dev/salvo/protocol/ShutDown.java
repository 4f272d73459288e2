package dev.salvo.protocol;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/** shutdown(2), which Salvo never calls, as another holder of a socket may. */
final class ShutDown {

    private static final int SHUT_RDWR = 2;

    private ShutDown() {}

    /** ENOTCONN on an unconnected socket, which is shut down all the same (inet_shutdown of net/ipv4/af_inet.c). */
    @SuppressWarnings("restricted")
    static void both(int descriptor) {
        var linker = Linker.nativeLinker();
        try {
            var result = (int) linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("shutdown"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT)).invokeExact(descriptor, SHUT_RDWR);
            assertTrue(result == 0 || result == -1);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
