package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

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
 * What a group receives, and plain sockets of the JDK's that send to it: no more than 64 datagrams ahead of what is
 * received, so that no buffer overflows. The first byte of a datagram is an id.
 */
final class GroupTraffic implements AutoCloseable {

    private static final int AHEAD = 64;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /** The members that have had an id, or the flow of a source. */
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
        this.to = family.address(group.listenUdp(0, this::protocol, options).getFirst().localAddress().port());
        for (int i = 0; i < senders; i++) {
            this.senders.add(new DatagramSocket());
        }
    }

    /** Does something on a reactor's thread. */
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
        return (datagram, transport) -> took(member, datagram);
    }

    private void took(int member, Datagram datagram) {
        var id = datagram.length() == 0 ? -1 : datagram.asByteBuffer().get(0) & 0xff;
        membersOfId.computeIfAbsent(id, key -> new ConcurrentSkipListSet<>()).add(member);
        membersOfFlow.computeIfAbsent(datagram.source().copy(), key -> new ConcurrentSkipListSet<>()).add(member);
        received.incrementAndGet();
    }

    /** One of each id from each sender. */
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
        awaitBehind(AHEAD - 1);
        sender.send(new DatagramPacket(payload, payload.length, to.toInetSocketAddress()));
        sent++;
    }

    /** Waits until all that was sent has come. */
    void awaitAll() {
        awaitBehind(0);
    }

    private void awaitBehind(int most) {
        var end = System.nanoTime() + PATIENCE_NANOS;
        while (sent - received.get() > most) {
            assertTrue(System.nanoTime() < end, () -> "sent " + sent + ", received " + received);
            Thread.onSpinWait();
        }
    }

    int sent() {
        return sent;
    }

    SockAddr to() {
        return to;
    }

    void forgetMembers() {
        membersOfId.clear();
        membersOfFlow.clear();
    }

    @Override
    public void close() {
        senders.forEach(DatagramSocket::close);
    }
}
