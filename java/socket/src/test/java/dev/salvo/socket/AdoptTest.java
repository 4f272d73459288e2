package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trap 16: the kernel reports the properties of an adopted descriptor, and another owner who changes its flags can't
 * make a receive hang.
 */
@OnLoopback
record AdoptTest(Loopback loopback) {

    private int open(int type) {
        return Kernels.current().socket(loopback == Loopback.IPV4 ? Linux.AF_INET() : Linux.AF_INET6(), type, 0);
    }

    private static void assertRefused(int errno, int descriptor) {
        var refusal = assertThrows(SyscallException.class, () -> UdpSocket.adopt(descriptor));
        assertEquals(errno, refusal.errno());
    }

    /** The descriptor is refused both by adopt and, after dup, by adoptDuplicate; it stays the caller's. */
    private static void assertBothRefused(int errno, int descriptor) {
        assertRefused(errno, descriptor);
        var refusal = assertThrows(SyscallException.class, () -> UdpSocket.adoptDuplicate(descriptor));
        assertEquals(errno, refusal.errno());
        assertEquals(true, isOpen(descriptor));
    }

    private static boolean isOpen(int descriptor) {
        return Kernels.current().fcntl(descriptor, Linux.F_GETFL(), 0) >= 0;
    }

    @Test
    void aRawDescriptorsFamilyIsFound() throws SyscallException {
        try (var adopted = UdpSocket.adopt(open(Linux.SOCK_DGRAM()));
                var pair = new Pair(loopback)) {
            assertEquals(loopback.family, adopted.family());
            adopted.bind(loopback.address(0));
            Traffic.add(pair.out, adopted.localAddress(), "hello");
            pair.send();
            assertEquals(List.of("hello"), Traffic.texts(Traffic.receive(adopted, pair.in, 1)));
        }
    }

    @Test
    void aDuplicateSharesTheSocket() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.receiver.set(SocketLevelOptions.RCVBUF, 50_000);
            var adopted = UdpSocket.adopt(Kernels.current().fcntl(pair.receiver.descriptor(), Linux.F_DUPFD(), 0));
            assertEquals(pair.receiver.localAddress(), adopted.localAddress());
            assertEquals(100_000, adopted.get(SocketLevelOptions.RCVBUF));
            pair.add("for whoever reads first").send();
            assertEquals(1, Traffic.receive(adopted, pair.in, 1).size());
            assertEquals(0, pair.receiver.receive(pair.in));
            adopted.close();
            pair.add("still open").send();
            assertEquals(1, pair.receive(1).size());
        }
    }

    @Test
    void aBlockingDescriptorDoesNotHangAReceive() throws SyscallException {
        var descriptor = open(Linux.SOCK_DGRAM());
        assertEquals(0, Kernels.current().fcntl(descriptor, Linux.F_GETFL(), 0) & Linux.O_NONBLOCK());
        try (var adopted = UdpSocket.adopt(descriptor);
                var pair = new Pair(loopback)) {
            adopted.bind(loopback.address(0));
            assertEquals(0, adopted.receive(pair.in));
            assertEquals(0, adopted.drainErrors());
            assertEquals(
                    0,
                    Kernels.current().fcntl(descriptor, Linux.F_GETFL(), 0) & Linux.O_NONBLOCK(),
                    "a shared flag was changed");
        }
    }

    @Test
    void aSiblingThatMakesItBlockingDoesNotHangAReceive() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            var flags = Kernels.current().fcntl(pair.receiver.descriptor(), Linux.F_GETFL(), 0);
            Kernels.current().fcntl(pair.receiver.descriptor(), Linux.F_SETFL(), flags & ~Linux.O_NONBLOCK());
            assertEquals(0, pair.receiver.receive(pair.in));
        }
    }

    @Test
    void aTcpSocketIsRefusedAndStaysOpen() {
        var descriptor = open(Linux.SOCK_STREAM());
        assertBothRefused(Errno.EPROTOTYPE, descriptor);
        Kernels.current().close(descriptor);
    }

    @Test
    void aLocalDatagramSocketIsRefused() {
        var descriptor = Kernels.current().socket(Linux.AF_UNIX(), Linux.SOCK_DGRAM(), 0);
        assertBothRefused(Errno.EAFNOSUPPORT, descriptor);
        Kernels.current().close(descriptor);
    }

    @Test
    void aDescriptorThatIsNotOpenIsRefused() throws SyscallException {
        assertRefused(Errno.EBADF, -1);
        var closed = Kernels.current().fcntl(0, Linux.F_DUPFD(), 0);
        Kernels.current().close(closed);
        assertRefused(Errno.EBADF, closed);
    }

    @Test
    @SuppressWarnings("restricted")
    void aFileIsRefused(@TempDir Path directory) throws Throwable {
        var linker = Linker.nativeLinker();
        var creat = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("creat"), FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
        try (var arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(directory.resolve("file").toString());
            var file = (int) creat.invokeExact(path, 0600);
            assertBothRefused(Errno.ENOTSOCK, file);
            Kernels.current().close(file);
        }
    }

    @Test
    @SuppressWarnings("restricted")
    void aPipeIsRefused() throws Throwable {
        var linker = Linker.nativeLinker();
        var pipe = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("pipe"), FunctionDescriptor.of(JAVA_INT, ADDRESS));
        try (var arena = Arena.ofConfined()) {
            var ends = arena.allocate(JAVA_INT, 2);
            assertEquals(0, (int) pipe.invokeExact(ends));
            for (int i = 0; i < 2; i++) {
                var end = ends.getAtIndex(JAVA_INT, i);
                assertBothRefused(Errno.ENOTSOCK, end);
                Kernels.current().close(end);
            }
        }
    }
}
