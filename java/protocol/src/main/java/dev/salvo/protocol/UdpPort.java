package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.Readiness;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The one transport there is: a socket, a protocol, and what is queued between them. */
final class UdpPort implements DatagramTransport {

    /**
     * What a port may receive before the others have their turn: no further call is made after so many. One call brings
     * up to 64 messages, and those up to 64 datagrams each.
     */
    private static final int TURN_MESSAGES = 256;

    private static final int TURN_DATAGRAMS = 4096;
    private static final int TURN_BYTES = 4_000_000;

    private static final int IPV4_LARGEST = 65_507;
    private static final int IPV6_LARGEST = 65_527;
    /** A queueing discipline that had no room has some after about this time; the socket is writable meanwhile. */
    private static final Duration BUFFER_WAIT = Duration.ofMillis(5);

    private final Reactor reactor;
    private final UdpSocket socket;
    private final GuardedProtocol protocol;
    private final PortOptions options;
    private final SendQueue queue;
    private final boolean ipv6;
    private final SockAddr localAddress;
    private long token;
    private boolean started;
    private boolean watched;
    private boolean waitsForWritable;
    private boolean waitsForBuffers;
    private boolean listed;
    private @Nullable CompletableFuture<Void> stopping;
    private @Nullable PortStatistics last;

    UdpPort(Reactor reactor, PortSocket bound, DatagramProtocol protocol, PortOptions options) {
        this.reactor = reactor;
        this.socket = bound.socket();
        this.protocol = new GuardedProtocol(protocol, this, reactor);
        this.options = options;
        this.queue = new SendQueue(socket, reactor.batches(), options.coalescing(), options.sendQueueBytes());
        this.ipv6 = socket.family() == StandardProtocolFamily.INET6;
        this.localAddress = bound.localAddress();
    }

    /** Calls startProtocol, and then begins to receive; what goes wrong closes the port. */
    void start() throws Exception {
        try {
            protocol.startProtocol();
            started = true;
            if (stopping == null) {
                token = reactor.poller().add(socket, Readiness.READABLE, this);
                watched = true;
            }
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    /** What epoll told. An error is never a reason to close a UDP port. */
    void ready(int readiness) {
        if ((readiness & Readiness.ERROR) != 0) {
            socket.drainErrors();
        }
        if ((readiness & Readiness.WRITABLE) != 0) {
            queue.flush();
        }
        if ((readiness & Readiness.READABLE) != 0) {
            receive();
        }
        flush();
    }

    private void receive() {
        var batch = reactor.receiveBatch();
        batch.maxPacketSize(options.maxPacketSize());
        int messages = TURN_MESSAGES;
        int datagrams = TURN_DATAGRAMS;
        int bytes = TURN_BYTES;
        while (messages > 0 && datagrams > 0 && bytes > 0 && stopping == null) {
            var asked = Math.min(messages, batch.slots());
            var came = receiveInto(batch, asked);
            // Fewer than asked for means drained: no call is made to hear EAGAIN.
            messages = came < asked ? 0 : messages - came;
            for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
                datagrams--;
                bytes -= datagram.length();
                protocol.datagramReceived(datagram);
            }
            send();
        }
    }

    private int receiveInto(ReceiveBatch batch, int messages) {
        try {
            return socket.receive(batch, messages);
        } catch (SyscallException e) {
            // A pending error, cleared by this. More may be there to receive, and then epoll tells so again.
            if (!Errno.isRaisedByIcmp(e.errno())) {
                reactor.log("receiving on " + localAddress, e);
            }
            return 0;
        }
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length, SockAddr destination) {
        check(length, destination);
        list();
        return queue.add(payload, offset, length, destination);
    }

    @Override
    public boolean writeNow(MemorySegment payload, long offset, int length, SockAddr destination) {
        check(length, destination);
        list();
        if (queue.stoppedBy() != 0) {
            queue.flush();
        }
        var taken = queue.add(payload, offset, length, destination);
        queue.flush();
        return taken;
    }

    private void check(int length, SockAddr destination) {
        reactor.requireOwner();
        if (last != null) {
            throw new IllegalStateException("port " + localAddress.port() + " is closed");
        }
        if (destination.isIpv6() != ipv6) {
            throw new InvalidAddressException(
                    ipv6
                            ? "IPv6 port write() called with IPv4 address " + destination
                            : "IPv4 port write() called with IPv6 address " + destination);
        }
        if (length > IPV4_LARGEST) {
            var most = ipv6 && !destination.isIpv4Mapped() ? IPV6_LARGEST : IPV4_LARGEST;
            if (length > most) {
                throw new MessageLengthException(length, most);
            }
        }
    }

    /** Has the reactor flush this port before it polls. */
    private void list() {
        if (!listed) {
            listed = true;
            reactor.toFlush(this);
        }
    }

    void flushListed() {
        listed = false;
        flush();
    }

    /** Sends what was written, arranges for what the kernel would not take, and tells the protocol. */
    private void flush() {
        if (last != null) {
            return;
        }
        send();
        arrange();
        tellFailures();
        if (queue.takeRoom()) {
            protocol.writable();
        }
    }

    /** Sends what was written, unless the kernel would not take it. */
    void send() {
        if (queue.stoppedBy() == 0 && !queue.isEmpty()) {
            queue.flush();
        }
    }

    private void arrange() {
        if (queue.stoppedBy() == 0 && !waitsForWritable) {
            return;
        }
        if (queue.waitsForWritable() != waitsForWritable && watched) {
            waitsForWritable = !waitsForWritable;
            try {
                var interest = Readiness.READABLE | (waitsForWritable ? Readiness.WRITABLE : 0);
                reactor.poller().modify(socket, interest, token);
            } catch (SyscallException e) {
                reactor.log("polling " + localAddress, e);
            }
        }
        if (queue.stoppedBy() != 0 && !queue.waitsForWritable() && !waitsForBuffers) {
            waitsForBuffers = true;
            reactor.callLater(BUFFER_WAIT, () -> {
                waitsForBuffers = false;
                if (last == null) {
                    queue.flush();
                    flush();
                }
            });
        }
    }

    /** Those that there are now: what writeNow adds meanwhile waits for the next turn, so that the loop goes on. */
    private void tellFailures() {
        for (int left = queue.failures(); left > 0; left--) {
            protocol.writeFailed(queue.takeFailure());
        }
    }

    @Override
    public CompletionStage<Void> stopListening() {
        reactor.requireOwner();
        if (stopping == null) {
            stopping = new CompletableFuture<>();
            stopReading();
            reactor.callLater(Duration.ZERO, this::close);
        }
        return stopping;
    }

    private void stopReading() {
        if (watched) {
            watched = false;
            try {
                reactor.poller().remove(socket, token);
            } catch (SyscallException e) {
                reactor.log("polling " + localAddress, e);
            }
        }
    }

    /** Sends what is left, tells the protocol, closes. */
    void close() {
        if (last != null) {
            return;
        }
        if (stopping == null) {
            stopping = new CompletableFuture<>();
            stopReading();
        }
        queue.flush();
        tellFailures();
        if (started) {
            protocol.stopProtocol();
        }
        queue.drop();
        last = statistics();
        socket.close();
        reactor.closed(this);
        stopping.complete(null);
    }

    @Override
    public SockAddr localAddress() {
        return localAddress;
    }

    @Override
    public UdpSocket socket() {
        return socket;
    }

    @Override
    public PortStatistics statistics() {
        reactor.requireOwner();
        if (last != null) {
            return last;
        }
        return new PortStatistics(
                socket.statistics(), queue.waitingDatagrams(), queue.refused(), queue.dropped(), protocol.failures());
    }

    @Override
    public String toString() {
        return protocol + (last != null ? " not connected" : " on " + localAddress.port());
    }
}
