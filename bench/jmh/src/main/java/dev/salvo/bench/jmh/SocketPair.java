package dev.salvo.bench.jmh;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.UdpOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Two loopback sockets in one thread. A round of {@link #ROUND} datagrams is sent and received, and only one of these
 * two halves is timed.
 *
 * <p>
 * The other half is a setup or a teardown of {@code Level.Invocation}, so JMH reads the clock before and after each
 * invocation. If an invocation were one datagram, the clock would take 5 to 10 % of the time of a receive. Therefore an
 * invocation is always a round, whatever the batch size: 64 calls of 1 datagram, 8 calls of 8, or 1 call of 64. Two
 * clock readings of about 25 ns each then add less than 1 ns to a datagram. Every invocation also has the same number
 * of operations for all parameters, so JMH's figures are per datagram.
 *
 * <p>
 * This distorts the figures as follows. The other half has just run on the same core: a receive finds the payload in
 * the cache, where a network card or another core would have left it elsewhere, and each half has lost some of its own
 * code from the cache to the other half's. On the loopback device a send also runs the receiver's half of the network
 * stack, up to the receiver's queue; a receive only takes from that queue. A whole round is always in the queue, so no
 * receive waits.
 *
 * <p>
 * {@code native/reference/micro.c} is measured in the same way: its rounds have the same number of datagrams and of
 * calls, and it reads the same fields of each datagram. It reads the clock once between the halves, while JMH reads it
 * before and after one of them. The cost of the clock is not subtracted in either program.
 *
 * <p>
 * JMH's gc.alloc.rate.norm includes both halves and JMH's own objects. These are a few kilobytes for an iteration,
 * which is less than 0.1 bytes for a datagram.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
public abstract class SocketPair {

    static final int ROUND = 64;

    private static final int RECEIVE_BUFFER = 4 << 20;
    private static final int MOST_JOINED_BYTES = 65_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Datagrams per call. */
    @Param({"1", "8", "64"})
    public int batch;

    /** Payload size in bytes. */
    @Param({"64", "512", "1200", "1472", "8972"})
    public int size;

    /** UDP_SEGMENT for the sender and UDP_GRO for the receiver. */
    @Param({"true", "false"})
    public boolean coalescing;

    @Param({"false", "true"})
    public boolean connected;

    @Param({"false", "true"})
    public boolean ipv6;

    UdpSocket sender;
    UdpSocket receiver;
    private SendBatch out;
    private ReceiveBatch in;
    private MemorySegment payload;
    private @Nullable SockAddr to;
    private int messages;

    @Setup
    public void open() throws SyscallException {
        sender = bound();
        receiver = bound();
        out = SendBatch.open();
        in = ReceiveBatch.open();
        payload = Arena.ofAuto().allocate(size);
        to = receiver.localAddress();
        out.coalescing(coalescing);
        receiver.set(UdpOptions.GRO, coalescing);
        receiver.set(SocketLevelOptions.RCVBUF, RECEIVE_BUFFER);
        if (connected) {
            sender.connect(to);
            receiver.connect(sender.localAddress());
            to = null;
        }
        var joined = coalescing ? Math.min(batch, MOST_JOINED_BYTES / size) : 1;
        messages = (batch + joined - 1) / joined;
    }

    private UdpSocket bound() throws SyscallException {
        var socket = UdpSocket.open(ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        socket.bind(SockAddr.of(ipv6 ? "::1" : "127.0.0.1", 0));
        return socket;
    }

    @TearDown
    public void close() {
        sender.close();
        receiver.close();
        out.close();
        in.close();
    }

    final void sendRound() {
        for (int sent = 0; sent < ROUND; sent += batch) {
            for (int i = 0; i < batch; i++) {
                out.add(payload, 0, size, to);
            }
            if (sender.send(out) != batch || !out.failures().isEmpty()) {
                throw new IllegalStateException(
                        "not all datagrams were sent: stopped by " + out.stoppedBy() + ", failures " + out.failures());
            }
        }
    }

    /** Reads the length, one byte and the source of every datagram, and its metadata if {@code metadata} is true. */
    final long receiveRound(boolean metadata) throws SyscallException {
        long seen = 0;
        for (int left = ROUND; left > 0;) {
            if (receiver.receive(in, messages) == 0 && !receiver.awaitReadable(PATIENCE)) {
                throw new IllegalStateException(
                        left + " datagrams of a round were lost; check that net.core.rmem_max is at least "
                                + RECEIVE_BUFFER);
            }
            for (var datagram = in.next(); datagram != null; datagram = in.next()) {
                seen += datagram.length() + datagram.get(0) + datagram.source().port();
                if (metadata) {
                    var fields = datagram.metadata();
                    seen += fields.interfaceIndex() + fields.trafficClass() + fields.hopLimit() + fields.receiveTime()
                            + fields.packetDrops();
                }
                left--;
            }
        }
        return seen;
    }
}
