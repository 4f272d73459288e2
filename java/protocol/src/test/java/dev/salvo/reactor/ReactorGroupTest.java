package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.CannotListenException;
import dev.salvo.protocol.CapturedLog;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Peer;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.Recorder;
import dev.salvo.protocol.internal.group.GroupMember;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A group opens completely or not at all. Any of its threads can stop it, and it reports failures. */
@Tag("loopback")
class ReactorGroupTest {

    private static final PortOptions OPTIONS = Loopback.IPV4.options();

    @ParameterizedTest
    @EnumSource
    void aGroupMayHaveOneMember(Loopback family) throws Exception {
        try (var group = ReactorGroup.open(1, Steering.payloadByte(0));
                var traffic = new GroupTraffic(family, group, 3)) {
            traffic.sendRound(5);
            traffic.awaitAll();
            assertEquals(1, group.size());
            assertEquals(15, group.statistics().getFirst().socket().datagramsReceived());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 257})
    void theNumberOfMembersIsChecked(int members) {
        assertThrows(IllegalArgumentException.class, () -> ReactorGroup.open(members));
    }

    @Test
    void theProtocolOfAMemberIsCreatedOnItsThread() throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        try (var group = ReactorGroup.open(2)) {
            group.listenUdp(0, i -> {
                threads.add(i + Thread.currentThread().getName());
                return new Recorder();
            }, OPTIONS);
        }
        assertEquals(Set.of("0salvo reactor 0", "1salvo reactor 1"), threads);
    }

    @Test
    void aGroupThatHasStoppedReturnsItsLastStatistics() throws Exception {
        try (var group = ReactorGroup.open(2, Steering.payloadByte(0));
                var traffic = new GroupTraffic(Loopback.IPV4, group, 1)) {
            traffic.sendRound(7);
            traffic.awaitAll();
            assertEquals(List.of(4L, 3L), received(group));
            group.stop();
            group.awaitStop();
            assertEquals(List.of(4L, 3L), received(group));
        }
    }

    @Test
    void allMembersServeAnAdoptedSocketAndStopTogether() throws Exception {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET);
                var group = ReactorGroup.open(3);
                var peer = Peer.open(Loopback.IPV4)) {
            socket.bind(SockAddr.of("127.0.0.1", 0));
            var stopped = new CountDownLatch(3);
            var ports = group.adoptDatagramPort(socket.descriptor(), i -> new DatagramProtocol() {
                @Override
                public void datagramReceived(Datagram datagram, DatagramTransport transport) {
                    transport.write(datagram, datagram.source());
                }

                @Override
                public void stopProtocol(DatagramTransport transport) {
                    stopped.countDown();
                }
            }, PortOptions.defaults());
            assertEquals(3, ports.size());
            for (int i = 0; i < 100; i++) {
                peer.send(ports.getFirst(), "datagram " + i);
            }
            assertEquals(100, peer.receive(100).stream().distinct().count());
            assertEquals(100, received(group).stream().mapToLong(Long::longValue).sum());
            group.reactor(1).callFromThread(() -> ports.get(1).stopListening());
            assertTrue(stopped.await(10, TimeUnit.SECONDS));
            peer.send(socket.localAddress(), new byte[]{1});
            assertTrue(socket.awaitReadable(Duration.ofSeconds(10)));
        }
    }

    @Test
    void aDescriptorThatIsNoSocketLeavesNothingOpen() throws Exception {
        try (var group = ReactorGroup.open(2)) {
            var e = assertThrows(SyscallException.class,
                    () -> group.adoptDatagramPort(1_000_000, i -> new Recorder(), PortOptions.defaults()));
            assertEquals(Errno.EBADF, e.errno());
            assertEquals(List.of(), group.statistics());
        }
    }

    private static List<Long> received(ReactorGroup group) {
        return group.statistics().stream().map(port -> port.socket().datagramsReceived()).toList();
    }

    /**
     * A steered group needs the first indices of the kernel's reuseport array, so it cannot share a port with another
     * group. Its first bind has to fail: a socket that shared the port would take datagrams from the other group.
     */
    @Test
    void aUsedPortIsRefusedAndNothingStaysOpen() throws Exception {
        var binds = new AtomicInteger();
        var kernel = new ScriptedKernel();
        kernel.always(Syscall.BIND, call -> {
            binds.incrementAndGet();
            return call.passOn();
        });
        GroupMember.Threads threads = (name, task) -> Thread.ofPlatform().name(name)
                .unstarted(() -> ScopedValue.where(Kernels.SCRIPTED, kernel).run(task));
        try (var hashed = ReactorGroup.open(2);
                var steered = ReactorGroup.open(3, Steering.payloadByte(0), new int[0], threads)) {
            var number = hashed.listenUdp(0, i -> new Recorder(), OPTIONS).getFirst().localAddress().port();
            var recorders = ConcurrentHashMap.<Recorder>newKeySet();
            var e = assertThrows(CannotListenException.class, () -> steered.listenUdp(number, i -> {
                var recorder = new Recorder();
                recorders.add(recorder);
                return recorder;
            }, OPTIONS));
            assertEquals(Errno.EADDRINUSE, assertInstanceOf(SyscallException.class, e.getCause()).errno());
            assertEquals(Set.of(), recorders);
            assertEquals(1, binds.get());
            hashed.stop();
            hashed.awaitStop();
            steered.listenUdp(number, i -> new Recorder(), OPTIONS);
        }
    }

    @Test
    void aMemberThatCannotStartClosesThePortOnAllMembers() throws Exception {
        var reason = new IOException("not here");
        try (var group = ReactorGroup.open(3)) {
            var recorders = new ArrayList<Recorder>();
            for (int i = 0; i < 3; i++) {
                recorders.add(i < 2 ? new Recorder() : new Recorder() {
                    @Override
                    public void startProtocol(DatagramTransport transport) throws Exception {
                        throw reason;
                    }
                });
            }
            var e = assertThrows(CannotListenException.class, () -> group.listenUdp(0, recorders::get, OPTIONS));
            assertSame(reason, e.getCause());
            assertEquals(List.of("start", "stop"), recorders.get(0).events);
            assertEquals(List.of("start", "stop"), recorders.get(1).events);
            assertEquals(List.of(), group.statistics());
            group.listenUdp(0, i -> new Recorder(), OPTIONS);
        }
    }

    @Test
    void closeIsRefusedOnAMembersThread() throws Exception {
        try (var group = ReactorGroup.open(2)) {
            var e = GroupTraffic.call(group.reactor(0), () -> assertThrows(IllegalStateException.class, group::close));
            assertEquals("a member of the group would wait for itself: call this on another thread", e.getMessage());
        }
    }

    @Test
    void aMemberWhoseReactorIsStoppedStopsTheGroup() throws Exception {
        try (var group = ReactorGroup.open(3)) {
            group.listenUdp(0, i -> new Recorder(), OPTIONS);
            group.reactor(1).stop();
            group.awaitStop();
            var e = assertThrows(IllegalStateException.class,
                    () -> group.listenUdp(0, i -> new Recorder(), OPTIONS));
            assertEquals("member 0 of the group has stopped", e.getMessage());
        }
    }

    /** Only the thread of member 1 has the scripted kernel. */
    @Test
    void aFailedLoopStopsTheGroupAndAwaitStopThrowsTheFailure() throws Exception {
        var kernel = new ScriptedKernel();
        GroupMember.Threads threads = (name, task) -> Thread.ofPlatform().name(name).unstarted(name.endsWith("1")
                ? () -> ScopedValue.where(Kernels.SCRIPTED, kernel).run(task)
                : task);
        try (var log = CapturedLog.open(java.util.logging.Level.SEVERE);
                var group = ReactorGroup.open(2, Steering.hash(), new int[0], threads)) {
            kernel.next(Syscall.EPOLL_PWAIT2, Answer.error(Errno.EBADF));
            kernel.next(Syscall.EPOLL_WAIT, Answer.error(Errno.EBADF));
            group.reactor(1).callFromThread(() -> {});
            var e = assertThrows(IOException.class, group::awaitStop);
            assertTrue(String.valueOf(e.getMessage()).startsWith("member 1 of the group failed: epoll"),
                    e::getMessage);
            assertEquals(1, log.lines().size(), log.lines()::toString);
        }
    }
}
