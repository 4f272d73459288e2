package dev.salvo.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernels;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What OpenJDK's own tests don't show: reading ahead, and waits that other threads end. */
@Tag("loopback")
@Timeout(60)
class DatagramChannelTest {

    private final SalvoProvider provider = SalvoProvider.withSends("held");

    @Test
    void datagramsComeOneByOneFromTheirSources() throws Exception {
        try (var server = Loop.bound(provider); var a = Loop.peer(); var b = Loop.peer()) {
            Loop.send(a, server, "one", "", "three");
            Loop.send(b, server, "four");
            var buffer = ByteBuffer.allocateDirect(100);
            var sources = new ArrayList<Object>();
            var lengths = new ArrayList<Integer>();
            for (int i = 0; i < 4; i++) {
                sources.add(server.receive(buffer.clear()));
                lengths.add(buffer.position());
            }
            var from = a.getLocalAddress();
            assertEquals(List.of(from, from, from, b.getLocalAddress()), sources);
            assertEquals(List.of(3, 0, 5, 4), lengths);
        }
    }

    @Test
    void whatABufferHasNoRoomForIsGone() throws Exception {
        try (var server = Loop.bound(provider); var peer = Loop.peer()) {
            Loop.send(peer, server, "abcdef", "next");
            var buffer = ByteBuffer.allocate(3);
            server.receive(buffer);
            assertEquals(Loop.bytes("abc"), buffer.flip());
            assertEquals("next", Loop.receive(server));
        }
    }

    /** They have left the kernel, and the JDK discards what it has received by then. */
    @Test
    void connectDiscardsWhatWasReadAhead() throws Exception {
        try (var server = Loop.bound(provider); var stranger = Loop.peer(); var peer = Loop.peer()) {
            Loop.send(stranger, server, "a", "b", "c");
            assertEquals("a", Loop.receive(server));
            server.connect(peer.getLocalAddress());
            Loop.send(peer, server, "d");
            assertEquals("d", Loop.receive(server));
            server.configureBlocking(false);
            assertNull(Loop.receive(server));
        }
    }

    @Test
    void aGatheringWriteIsOneDatagramAndAScatteringReadSplitsIt() throws Exception {
        try (var server = Loop.bound(provider); var peer = Loop.bound(provider)) {
            peer.connect(server.getLocalAddress());
            server.connect(peer.getLocalAddress());
            assertEquals(5, peer.write(new ByteBuffer[]{Loop.bytes("ab"), Loop.bytes(""), Loop.bytes("cde")}));
            var parts = new ByteBuffer[]{ByteBuffer.allocate(1), ByteBuffer.allocate(3), ByteBuffer.allocate(9)};
            assertEquals(5, server.read(parts));
            assertEquals(Loop.bytes("bcd"), parts[1].flip());
            assertEquals(1, parts[2].position());
        }
    }

    @Test
    void aRefusedPeerIsReportedOnceForEachDatagram() throws Exception {
        try (var channel = Loop.bound(provider)) {
            var gone = Loop.peer();
            var address = gone.getLocalAddress();
            gone.close();
            channel.connect(address);
            assertEquals(1, channel.write(Loop.bytes("x")));
            assertThrows(PortUnreachableException.class, () -> channel.write(Loop.bytes("y")));
            assertEquals(1, channel.write(Loop.bytes("z")));
            assertThrows(PortUnreachableException.class, () -> Loop.receive(channel));
            channel.configureBlocking(false);
            assertNull(Loop.receive(channel));
        }
    }

    /** Blocks a thread in receive. Returns what its receive throws. */
    private static Future<Throwable> blocked(DatagramChannel channel, Thread.Builder threads, Thread[] reader)
            throws InterruptedException {
        var executor = Executors.newSingleThreadExecutor(task -> reader[0] = threads.unstarted(task));
        var begun = new CountDownLatch(1);
        var result = executor.submit(() -> {
            begun.countDown();
            return assertThrows(Throwable.class, () -> Loop.receive(channel));
        });
        begun.await();
        executor.shutdown();
        Thread.sleep(50);
        return result;
    }

    enum Kind {
        PLATFORM, VIRTUAL;

        Thread.Builder threads() {
            return this == PLATFORM ? Thread.ofPlatform() : Thread.ofVirtual();
        }
    }

    @ParameterizedTest
    @EnumSource
    @SuppressWarnings("try") // closed earlier
    void closeEndsAWaitingReceive(Kind kind) throws Exception {
        try (var channel = Loop.bound(provider)) {
            var result = blocked(channel, kind.threads(), new Thread[1]);
            channel.close();
            assertInstanceOf(AsynchronousCloseException.class, result.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptClosesTheChannelOfAWaitingReceive(Kind kind) throws Exception {
        try (var channel = Loop.bound(provider)) {
            var reader = new Thread[1];
            var result = blocked(channel, kind.threads(), reader);
            reader[0].interrupt();
            assertInstanceOf(ClosedByInterruptException.class, result.get(10, TimeUnit.SECONDS));
            assertFalse(channel.isOpen());
        }
    }

    /** As many as would hold every carrier, if they did. */
    @Test
    void waitingVirtualThreadsLeaveTheCarriersToOthers() throws Exception {
        var channels = new ArrayList<DatagramChannel>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor(); var peer = Loop.peer()) {
            var results = new ArrayList<Future<String>>();
            for (int i = 0; i < 200; i++) {
                var channel = Loop.bound(provider);
                channels.add(channel);
                results.add(executor.submit(() -> Loop.receive(channel)));
            }
            Thread.sleep(100);
            assertEquals("ran", executor.submit(() -> "ran").get(10, TimeUnit.SECONDS));
            for (int i = 0; i < 200; i++) {
                Loop.send(peer, channels.get(i), "for " + i);
            }
            for (int i = 0; i < 200; i++) {
                assertEquals("for " + i, results.get(i).get(10, TimeUnit.SECONDS));
            }
        } finally {
            for (var channel : channels) {
                channel.close();
            }
        }
    }

    @Test
    void anAdoptedDescriptorIsReadOneMessageAtATime() throws Exception {
        try (var owner = UdpSocket.open(StandardProtocolFamily.INET); var peer = Loop.peer()) {
            owner.bind(SockAddr.of("127.0.0.1", 0));
            var duplicate = Kernels.current().fcntl(owner.descriptor(),
                    Linux.F_DUPFD_CLOEXEC(), 3);
            try (var channel = provider.adopt(duplicate); var in = ReceiveBatch.open()) {
                assertEquals(owner.localAddress().port(),
                        ((InetSocketAddress) channel.getLocalAddress()).getPort());
                peer.send(Loop.bytes("mine"), channel.getLocalAddress());
                peer.send(Loop.bytes("theirs"), channel.getLocalAddress());
                assertEquals("mine", Loop.receive(channel));
                assertEquals(1, owner.receive(in));
                assertEquals("theirs", Objects.requireNonNull(in.next()).text());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INET", "INET6"})
    void optionsReadBackAsTheyWereSet(StandardProtocolFamily family) throws Exception {
        try (var channel = provider.openDatagramChannel(family)) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 40_000);
            channel.setOption(StandardSocketOptions.IP_TOS, 0x48);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 7);
            channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
            assertEquals(40_000, channel.getOption(StandardSocketOptions.SO_RCVBUF));
            assertEquals(0x48, channel.getOption(StandardSocketOptions.IP_TOS));
            assertEquals(7, channel.getOption(StandardSocketOptions.IP_MULTICAST_TTL));
            assertFalse(channel.getOption(StandardSocketOptions.IP_MULTICAST_LOOP));
            assertNull(channel.getOption(StandardSocketOptions.IP_MULTICAST_IF));
            channel.setOption(IpOptions.TTL, 9);
            assertEquals(9, channel.getOption(IpOptions.TTL));
            assertTrue(channel.supportedOptions().containsAll(
                    List.of(IpOptions.TTL, StandardSocketOptions.SO_REUSEPORT)));
            assertThrows(IllegalArgumentException.class, () -> channel.setOption(StandardSocketOptions.IP_TOS, 256));
            assertThrows(UnsupportedOperationException.class,
                    () -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true));
        }
    }

    /** An unreferenced channel is closed with its socket. */
    @Test
    void aForgottenChannelIsClosed() throws Exception {
        var port = forgotten();
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            System.gc();
            try (var again = provider.openDatagramChannel()) {
                again.bind(Loop.address(port));
                return;
            } catch (BindException e) {
                assertTrue(System.nanoTime() < end, "still bound");
                Thread.sleep(20);
            }
        }
    }

    private int forgotten() throws Exception {
        return ((InetSocketAddress) Loop.bound(provider).getLocalAddress()).getPort();
    }
}
