package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.Readiness;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import java.lang.System.Logger;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The one transport there is: a socket, a protocol, and what goes between them. */
final class UdpPort extends MulticastPort {

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    private final Reactor reactor;
    private final UdpSocket socket;
    private final PortSocket bound;
    private final boolean ipv6;
    private final Connection connection;
    private final GuardedProtocol protocol;
    private final PortErrors errors;
    private final PollEntry poll;
    private final PortReceiver receiver;
    private final PortSender sender;
    private boolean started;
    private @Nullable CompletableFuture<Void> stopping;
    private @Nullable PortStatistics last;

    UdpPort(Reactor reactor, PortSocket bound, DatagramProtocol protocol, PortOptions options) throws SyscallException {
        this.reactor = reactor;
        this.socket = bound.socket();
        this.bound = bound;
        this.ipv6 = socket.family() == StandardProtocolFamily.INET6;
        this.connection = new Connection(socket, options.errors());
        this.protocol = new GuardedProtocol(protocol, this, reactor);
        this.errors = new PortErrors(socket, connection, this.protocol, options.errors());
        this.poll = new PollEntry(this, reactor, socket);
        var answers = options.answerFromAsked() ? new AnswerSource() : null;
        this.receiver = new PortReceiver(this, reactor, socket, connection, this.protocol, answers,
                options.maxPacketSize());
        this.sender = new PortSender(this, reactor, socket, connection, this.protocol, poll, answers, options);
    }

    /** Calls startProtocol, and then begins to receive; what goes wrong closes the port. */
    void start() throws Exception {
        LOG.log(Logger.Level.DEBUG, "{0} starting on {1,number,#}", protocol, connection.local().port());
        try {
            connection.begin();
            protocol.startProtocol();
            started = true;
            if (stopping == null) {
                poll.add();
            }
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    PollEntry poll() {
        return poll;
    }

    /** What epoll told. An error is never a reason to close a UDP port. */
    void ready(int readiness) {
        if ((readiness & Readiness.ERROR) != 0) {
            errorPending(socket.drainErrors());
        }
        if ((readiness & Readiness.WRITABLE) != 0) {
            sender.sendAgain();
        }
        var messages = (readiness & Readiness.READABLE) != 0 ? receiver.receive() : 0;
        if ((readiness & Readiness.HANGUP) != 0 && messages == 0) {
            hungUp();
        }
        flush();
    }

    /** Another who holds the socket has shut it down: epoll would tell so for ever, and there is no way back. */
    private void hungUp() {
        poll.remove();
        LOG.log(Logger.Level.WARNING, "{0} was shut down by another process: nothing more is received", this);
    }

    void errorPending(int errno) {
        errors.pending(errno);
    }

    boolean isListening() {
        return stopping == null;
    }

    boolean isClosed() {
        return last != null;
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length, SockAddr destination) {
        return sender.extend(payload, offset, length, Objects.requireNonNull(destination))
                || sender.write(payload, offset, length, check(length, destination), null);
    }

    @Override
    public boolean write(byte[] payload, SockAddr destination) {
        return sender.extend(payload, Objects.requireNonNull(destination))
                || sender.write(payload, 0, payload.length, check(payload.length, destination), null);
    }

    @Override
    public boolean write(byte[] payload) {
        return sender.extend(payload, null)
                || sender.write(payload, 0, payload.length, checkConnected(payload.length), null);
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length) {
        return sender.extend(payload, offset, length, null)
                || sender.write(payload, offset, length, checkConnected(length), null);
    }

    @Override
    public boolean writeNow(MemorySegment payload, long offset, int length, SockAddr destination) {
        return sender.writeNow(payload, offset, length, check(length, destination), null);
    }

    @Override
    public boolean writeNow(MemorySegment payload, long offset, int length) {
        return sender.writeNow(payload, offset, length, checkConnected(length), null);
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length, SockAddr destination, SendOptions options) {
        return sender.write(payload, offset, length, check(length, destination), options);
    }

    @Override
    public boolean writeNow(MemorySegment payload, long offset, int length, SockAddr destination, SendOptions options) {
        return sender.writeNow(payload, offset, length, check(length, destination), options);
    }

    private @Nullable SockAddr check(int length, SockAddr destination) {
        requireOpen();
        return connection.destination(length, destination, ipv6);
    }

    private @Nullable SockAddr checkConnected(int length) {
        requireOpen();
        connection.requirePeer(length);
        return null;
    }

    private void requireOpen() {
        reactor.requireOwner();
        if (last != null) {
            throw new IllegalStateException("port " + connection.local().port() + " is closed");
        }
    }

    @Override
    UdpSocket socketInUse() {
        requireOpen();
        return socket;
    }

    @Override
    public void connect(SockAddr peer) throws SyscallException {
        requireOpen();
        bound.requireConnectable();
        Addresses.requireFamily("connect", peer, ipv6);
        if (peer.port() == 0) {
            throw new InvalidAddressException("port 0 can't be connected to: " + peer);
        }
        sendToPeer("connect");
        connection.connect(peer);
    }

    @Override
    public void disconnect() throws SyscallException {
        requireOpen();
        sendToPeer("disconnect");
        connection.disconnect();
    }

    /** What was written to a peer goes to nobody else: it has no address, so it must be gone before the peer is. */
    private void sendToPeer(String call) throws SyscallException {
        sender.send();
        if (connection.peer() != null && !sender.queue().isEmpty()) {
            throw new SyscallException(call, "datagrams to " + connection.peer() + " wait to be sent", Errno.EAGAIN);
        }
    }

    @Override
    public @Nullable SockAddr peerAddress() {
        reactor.requireOwner();
        return connection.peer();
    }

    /** Whether something that was written is still to be sent. */
    boolean isSending() {
        return !sender.queue().isEmpty();
    }

    void flushListed() {
        sender.unlist();
        flush();
    }

    /** Sends what was written, unless the kernel would not take it, and calls nobody. */
    void send() {
        sender.send();
    }

    /** The wait for buffers is over. */
    void sendAgain() {
        if (last == null) {
            sender.sendAgain();
            flush();
        }
    }

    private void flush() {
        if (last == null) {
            sender.flush();
            if (errors.tell(this)) {
                sender.list();
            }
        }
    }

    @Override
    public CompletionStage<Void> stopListening() {
        reactor.requireOwner();
        if (stopping == null) {
            stopping = new CompletableFuture<>();
            poll.remove();
            reactor.callLater(Duration.ZERO, this::close);
        }
        return stopping;
    }

    /** Sends what is left, tells the protocol, closes. */
    void close() {
        if (last != null) {
            return;
        }
        if (stopping == null) {
            stopping = new CompletableFuture<>();
            poll.remove();
        }
        sender.sendAgain();
        sender.tellFailures();
        LOG.log(Logger.Level.DEBUG, "(UDP Port {0,number,#} Closed)", connection.local().port());
        if (started) {
            errors.tell(this);
            protocol.stopProtocol();
        }
        sender.drop();
        last = statistics();
        connection.release(bound.adopted());
        bound.close();
        reactor.ports().closed(this);
        stopping.complete(null);
    }

    @Override
    public SockAddr localAddress() {
        return connection.local();
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
        return PortStatistics.of(socket, sender.queue(), receiver, protocol);
    }

    @Override
    public String toString() {
        return protocol + (last != null ? " not connected" : " on " + connection.local().port());
    }
}
