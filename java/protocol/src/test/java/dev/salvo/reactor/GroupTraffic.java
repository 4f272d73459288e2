package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.PortOptions;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends datagrams to a group from plain JDK sockets, and records which members receive them. At most 64 datagrams are
 * outstanding, so that no buffer overflows. The first byte of a datagram is its id.
 */
final class GroupTraffic implements AutoCloseable {

    private static final int MAX_OUTSTANDING = 64;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /** The members that received an id, and those that received the flow of a source. */
    final Map<Integer, Set<Integer>> membersOfId = new ConcurrentHashMap<>();
    final Map<SockAddr, Set<Integer>> membersOfFlow = new ConcurrentHashMap<>();

    final AtomicInteger received = new AtomicInteger();
    private int sent;
    private final List<DatagramSocket> senders = new ArrayList<>();
    private final SockAddr to;

    GroupTraffic(Loopback family, ReactorGroup group, int senders) throws IOException {
        this(family, group, senders, family.options());
    }

    GroupTraffic(Loopback family, ReactorGroup group, int senders, PortOptions options) throws IOException {
        var ports = group.listenUdp(0, this::protocol, options);
        this.to = family.address(ports.getFirst().localAddress().port());
        for (int i = 0; i < senders; i++) {
            this.senders.add(new DatagramSocket());
        }
    }

    /** Runs a task on a reactor's thread and returns its result. */
    static <T> T call(Reactor reactor, Callable<T> task) throws Exception {
        var result = new CompletableFuture<T>();
        reactor.callFromThread(() -> {
            try {
                result.complete(task.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        return result.get(20, TimeUnit.SECONDS);
    }

    private DatagramProtocol protocol(int member) {
        return (datagram, transport) -> record(member, datagram);
    }

    private void record(int member, Datagram datagram) {
        var id = datagram.length() == 0 ? -1 : datagram.asByteBuffer().get(0) & 0xff;
        membersOfId.computeIfAbsent(id, key -> new ConcurrentSkipListSet<>()).add(member);
        membersOfFlow.computeIfAbsent(datagram.source().copy(), key -> new ConcurrentSkipListSet<>()).add(member);
        received.incrementAndGet();
    }

    /** Sends one datagram with each id from each sender. */
    void sendRound(int ids) throws IOException {
        for (var sender : senders) {
            for (int id = 0; id < ids; id++) {
                send(sender, new byte[]{(byte) id, 0});
            }
        }
    }

    void sendFromEach(byte... payload) throws IOException {
        for (var sender : senders) {
            send(sender, payload);
        }
    }

    private void send(DatagramSocket sender, byte[] payload) throws IOException {
        awaitOutstanding(MAX_OUTSTANDING - 1);
        sender.send(new DatagramPacket(payload, payload.length, to.toInetSocketAddress()));
        sent++;
    }

    /** Waits until every datagram that was sent has been received. */
    void awaitAll() {
        awaitOutstanding(0);
    }

    private void awaitOutstanding(int most) {
        var end = System.nanoTime() + PATIENCE_NANOS;
        while (sent - received.get() > most) {
            assertTrue(System.nanoTime() < end, () -> "sent " + sent + ", received " + received);
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        senders.forEach(DatagramSocket::close);
    }
}
