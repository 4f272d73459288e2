package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.CannotListenException;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Peer;
import dev.salvo.protocol.Recorder;
import dev.salvo.protocol.internal.group.GroupMember;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Other sockets of the same user on a group's port, bound after the group's sockets or between them. */
@Tag("loopback")
class GroupNeighboursTest {

    private static final int FLOWS = 64;

    /** Interruptible I/O on the member's thread would fail for ever. */
    @ParameterizedTest
    @EnumSource
    void aMemberWhoseThreadIsInterruptedStillListens(Loopback family) throws Exception {
        try (var group = ReactorGroup.open(2, Steering.payloadByte(0))) {
            var interrupted = new CompletableFuture<Boolean>();
            group.reactor(0).callFromThread(() -> {
                Thread.currentThread().interrupt();
                interrupted.complete(true);
            });
            assertTrue(interrupted.get(20, TimeUnit.SECONDS));
            assertEquals(2, group.listenUdp(0, i -> new Recorder(), family.options()).size());
        }
    }

    /**
     * The program is attached to the kernel's reuseport array, which later sockets share. If it stayed attached, member
     * 0 would receive all these datagrams.
     */
    @ParameterizedTest
    @EnumSource
    void theProgramOfASteeredGroupIsDetachedWhenTheGroupCloses(Loopback family) throws Exception {
        var members = new LinkedBlockingQueue<Integer>();
        try (var next = ReactorGroup.open(2)) {
            int number;
            try (var old = ReactorGroup.open(2, Steering.payloadByte(0))) {
                number = old.listenUdp(0, i -> new Recorder(), family.options()).getFirst().localAddress().port();
                next.listenUdp(number, i -> (datagram, transport) -> members.add(i), family.options());
            }
            for (int i = 0; i < FLOWS; i++) {
                try (var peer = Peer.open(family)) {
                    peer.send(family.address(number), new byte[1]);
                }
            }
            var serving = new TreeSet<Integer>();
            for (int i = 0; i < FLOWS; i++) {
                serving.add(members.poll(20, TimeUnit.SECONDS));
            }
            assertEquals(Set.of(0, 1), serving);
        }
    }

    /** A socket that shares the group's port, bound just before the second member's socket. */
    private static final class Stranger implements AutoCloseable {

        private final DatagramChannel socket;
        private final ScriptedKernel kernel = new ScriptedKernel();

        /**
         * Opens a socket of the address's own family. An IPv6 socket with a mapped address is not in the group's array.
         */
        Stranger(SockAddr address) throws Exception {
            socket = DatagramChannel
                    .open(address.isIpv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            kernel.next(Syscall.BIND, call -> {
                try {
                    socket.bind(address.toInetSocketAddress());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return call.passOn();
            });
        }

        GroupMember.Threads threads() {
            return (name, task) -> Thread.ofPlatform().name(name).unstarted(name.endsWith("1")
                    ? () -> ScopedValue.where(Kernels.SCRIPTED, kernel).run(task)
                    : task);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static SockAddr free(Loopback family) throws Exception {
        try (var peer = Peer.open(family)) {
            return peer.address();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSocketBoundBetweenThoseOfASteeredGroupMakesListeningFail(Loopback family) throws Exception {
        var address = free(family);
        try (var stranger = new Stranger(address);
                var group = ReactorGroup.open(2, Steering.payloadByte(0), new int[0], stranger.threads())) {
            var e = assertThrows(CannotListenException.class,
                    () -> group.listenUdp(address.port(), i -> new Recorder(), family.options()));
            assertEquals(Errno.EADDRINUSE, assertInstanceOf(SyscallException.class, e.getCause()).errno());
        }
    }
}
