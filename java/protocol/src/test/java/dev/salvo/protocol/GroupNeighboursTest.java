package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.internal.Kernels;
import dev.salvo.socket.internal.ScriptedKernel;
import dev.salvo.socket.internal.Syscall;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Other sockets of the same user on a group's port: they come after it, or between its own. */
@Tag("loopback")
class GroupNeighboursTest {

    private static final int FLOWS = 64;

    /** The program is the kernel's array's, which those share who come after the group. */
    @ParameterizedTest
    @EnumSource
    void theProgramGoesWithTheGroup(Loopback family) throws Exception {
        var members = new LinkedBlockingQueue<Integer>();
        try (var next = ReactorGroup.open(2)) {
            int number;
            try (var old = ReactorGroup.open(2)) {
                number = old.listenUdp(0, i -> new Recorder(), family.options()).getFirst().localAddress().port();
                next.listenUdp(number, i -> (datagram, transport) -> members.add(i), family.options());
                old.leave(1).toCompletableFuture().get(20, TimeUnit.SECONDS);
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

    /** A socket that shares a port, bound just before the second member's is. */
    private static final class Stranger implements AutoCloseable {

        private final DatagramChannel socket;
        private final ScriptedKernel kernel = new ScriptedKernel();

        /** Of the family itself: one of the other, bound to a mapped address, is not in the group's array. */
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
    void aSteeredGroupHasNobodyBetweenItsSockets(Loopback family) throws Exception {
        var address = free(family);
        try (var stranger = new Stranger(address);
                var group = ReactorGroup.open(2, Steering.payloadByte(0), new int[0], stranger.threads())) {
            var e = assertThrows(CannotListenException.class,
                    () -> group.listenUdp(address.port(), i -> new Recorder(), family.options()));
            assertEquals(Errno.EADDRINUSE, assertInstanceOf(SyscallException.class, e.getCause()).errno());
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyLeavesAGroupThatHasSomebodyBetweenItsSockets(Loopback family) throws Exception {
        var address = free(family);
        try (var stranger = new Stranger(address);
                var group = ReactorGroup.open(2, Steering.hash(), new int[0], stranger.threads())) {
            group.listenUdp(address.port(), i -> new Recorder(), family.options());
            assertThrows(IllegalStateException.class, () -> group.leave(0));
        }
    }
}
