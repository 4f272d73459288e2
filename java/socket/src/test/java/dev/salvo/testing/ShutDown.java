package dev.salvo.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/** shutdown(2). Salvo never calls it, but another process that holds the socket may. */
public final class ShutDown {

    public static final int SHUT_RD = 0;
    public static final int SHUT_WR = 1;
    public static final int SHUT_RDWR = 2;

    private ShutDown() {}

    /**
     * An unconnected socket is shut down although the call fails with ENOTCONN (inet_shutdown of net/ipv4/af_inet.c).
     */
    @SuppressWarnings("restricted")
    public static void socket(int descriptor, int how) {
        var linker = Linker.nativeLinker();
        try {
            var result = (int) linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("shutdown"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT)).invokeExact(descriptor, how);
            assertTrue(result == 0 || result == -1);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
