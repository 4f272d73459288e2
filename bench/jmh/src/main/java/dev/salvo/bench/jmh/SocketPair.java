package dev.salvo.bench.jmh;

import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SocketOptions;
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
 * Two sockets on the loopback, in one thread: one half of the way of a round of {@link #ROUND} datagrams is timed, the
 * other half is not.
 *
 * <p>JMH reads the clock before and after each invocation when the other half is in a setup or a teardown of
 * {@code Level.Invocation}. With one datagram an invocation that would be 5 to 10 % of a receive. An invocation is
 * therefore a round, whatever the batch: 64 calls of 1 datagram, 8 of 8, or 1 of 64. Two readings of some 25 ns are
 * then below 1 ns a datagram, and the number of operations of an invocation is the same for all parameters, so that
 * JMH's figures are by the datagram.
 *
 * <p>What it distorts. The other half is what ran on this core just before: a receive finds the payload in the cache,
 * where a network card or another core would have left it elsewhere, and either half finds some of the other's code
 * instead of its own. On the loopback a send also walks the receiver's half of the stack, up to its queue; a receive
 * only takes from the queue. A round always stands in the queue as a whole, so no receive waits.
 *
 * <p>{@code native/reference/micro.c} is measured the same way: rounds of as many datagrams, in as many calls, and of
 * each datagram the same is read. It reads the clock once between the halves, where JMH does so around one of them;
 * neither is taken off.
 *
 * <p>gc.alloc.rate.norm has both halves, and JMH's own objects, a few kilobytes an iteration: 0.0x bytes a datagram.
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

    /** Datagrams a call. */
    @Param({"1", "8", "64"})
    public int batch;

    /** Bytes of payload. */
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
        receiver.set(SocketOptions.RCVBUF, RECEIVE_BUFFER);
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
                throw new IllegalStateException("not all were sent: " + out.stoppedBy() + ", " + out.failures());
            }
        }
    }

    /** Every datagram is walked: its length, one byte and its source are read, and its metadata if there is some. */
    final long receiveRound(boolean metadata) throws SyscallException {
        long seen = 0;
        for (int left = ROUND; left > 0;) {
            if (receiver.receive(in, messages) == 0 && !receiver.awaitReadable(PATIENCE)) {
                throw new IllegalStateException(
                        left + " datagrams of a round are lost: is net.core.rmem_max below " + RECEIVE_BUFFER + "?");
            }
            for (var datagram = in.next(); datagram != null; datagram = in.next()) {
                seen += datagram.length() + datagram.get(0) + datagram.source().port();
                if (metadata) {
                    var told = datagram.metadata();
                    seen += told.interfaceIndex() + told.trafficClass() + told.hopLimit() + told.receiveTime()
                            + told.packetDrops();
                }
                left--;
            }
        }
        return seen;
    }
}
