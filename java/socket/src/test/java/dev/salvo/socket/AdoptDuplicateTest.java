package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernels;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Trap 16: a duplicate shares the socket and its flags with the original. The original stays unchanged, and stays the
 * caller's.
 */
@OnLoopback
record AdoptDuplicateTest(Loopback loopback) {

    private static int flags(int descriptor, int command) {
        return Kernels.current().fcntl(descriptor, command, 0);
    }

    private int blocking() {
        var family = loopback == Loopback.IPV4 ? Linux.AF_INET() : Linux.AF_INET6();
        return Kernels.current().socket(family, Linux.SOCK_DGRAM(), 0);
    }

    @Test
    void theOriginalIsUsableAfterTheDuplicateIsClosed() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            UdpSocket.adoptDuplicate(pair.receiver.descriptor()).close();
            assertEquals(0, pair.receiver.receive(pair.in), "the receive failed instead of finding no datagram");
            pair.add("still here").send();
            assertEquals(List.of("still here"), Traffic.texts(pair.receive(1)));
        }
    }

    @Test
    void theDuplicateIsUsableAfterTheOriginalIsClosed() throws SyscallException {
        try (var pair = new Pair(loopback);
                var adopted = UdpSocket.adoptDuplicate(pair.receiver.descriptor())) {
            pair.receiver.close();
            pair.add("still here").send();
            assertEquals(List.of("still here"), Traffic.texts(Traffic.receive(adopted, pair.in, 1)));
        }
    }

    @Test
    void aBlockingOriginalStaysBlockingAndNoReceiveHangs() throws SyscallException {
        var original = blocking();
        try (var adopted = UdpSocket.adoptDuplicate(original);
                var pair = new Pair(loopback)) {
            adopted.bind(loopback.address(0));
            assertEquals(0, adopted.receive(pair.in));
            assertEquals(0, adopted.drainErrors());
            Traffic.add(pair.out, pair.to, "hello");
            assertEquals(1, adopted.send(pair.out));
            assertEquals(0, flags(original, Linux.F_GETFL()) & Linux.O_NONBLOCK());
        } finally {
            Kernels.current().close(original);
        }
    }

    @Test
    void aNonBlockingOriginalStaysNonBlocking() throws SyscallException {
        try (var original = loopback.bound()) {
            var before = flags(original.descriptor(), Linux.F_GETFL());
            assertNotEquals(0, before & Linux.O_NONBLOCK());
            UdpSocket.adoptDuplicate(original.descriptor()).close();
            assertEquals(before, flags(original.descriptor(), Linux.F_GETFL()));
        }
    }

    @Test
    void onlyTheDuplicateIsClosedOnExec() throws SyscallException {
        var original = blocking();
        try (var adopted = UdpSocket.adoptDuplicate(original)) {
            assertEquals(Linux.FD_CLOEXEC(), flags(adopted.descriptor(), Linux.F_GETFD()));
            assertEquals(0, flags(original, Linux.F_GETFD()));
            assertNotEquals(original, adopted.descriptor());
            assertTrue(adopted.descriptor() >= 3);
        } finally {
            Kernels.current().close(original);
        }
    }

    @Test
    void theDuplicateHasTheOriginalsPeer() throws SyscallException {
        try (var pair = new Pair(loopback)) {
            pair.sender.connect(pair.to);
            try (var adopted = UdpSocket.adoptDuplicate(pair.sender.descriptor())) {
                assertEquals(pair.to, adopted.peerAddress());
                Traffic.add(pair.out, null, "to the peer");
                assertEquals(1, adopted.send(pair.out));
                assertEquals(List.of("to the peer"), Traffic.texts(pair.receive(1)));
            }
        }
    }

    @Test
    void aDescriptorThatIsNotOpenIsRefused() {
        var closed = blocking();
        Kernels.current().close(closed);
        for (var descriptor : new int[]{-1, closed}) {
            var refused = assertThrows(SyscallException.class, () -> UdpSocket.adoptDuplicate(descriptor));
            assertEquals(Errno.EBADF, refused.errno());
        }
    }
}
