package dev.salvo.protocol.internal.port;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.InvalidAddressException;
import dev.salvo.protocol.MulticastJoinException;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.PortStatistics;
import dev.salvo.protocol.internal.record.LimitedLog;
import dev.salvo.socket.Multicast;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.poll.Readiness;
import java.lang.System.Logger;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A port: one socket, one protocol, and the transport that the protocol writes to. An IPv6 port can send to IPv4-mapped
 * groups, so its multicast setters set the options of both families.
 */
public final class UdpPort implements DatagramTransport {

    private final PortHost host;
    private final Ports ports;
    private final PortSocket portSocket;
    private final UdpSocket socket;
    private final boolean ipv6;
    private final Connection connection;
    private final GuardedProtocol protocol;
    private final ErrorReports errors;
    private final EpollRegistration registration;
    private final PortReceiver receiver;
    private final PortSender sender;
    private final PortGroups groups;
    /** The index of the outgoing interface, which the kernel does not return; 0 if the kernel chooses. */
    private int outgoing;

    private boolean started;
    private @Nullable CompletableFuture<Void> stopping;
    /** Whether this port ends because of its own socket. */
    private boolean failed;
    /** How many turns in succession could not read the error queue. */
    private int unreadTurns;
    /** The statistics at the time of closing; null while the port is open. */
    private @Nullable PortStatistics last;

    UdpPort(PortHost host, Ports ports, PortSocket portSocket, DatagramProtocol protocol, PortOptions options)
            throws SyscallException {
        this.host = host;
        this.ports = ports;
        this.portSocket = portSocket;
        this.socket = portSocket.socket();
        this.ipv6 = socket.family() == StandardProtocolFamily.INET6;
        this.connection = new Connection(socket, options.errors());
        this.groups = new PortGroups(socket, connection);
        this.protocol = new GuardedProtocol(protocol, this, host);
        this.errors = new ErrorReports(socket, connection, this.protocol, options.errors());
        this.registration = new EpollRegistration(this, ports.poller(), socket);
        var replySource = options.answerFromAsked() ? new ReplySource() : null;
        this.receiver = new PortReceiver(this, host, socket, ports.receiveBatch(), this.protocol, replySource,
                options.maxPacketSize());
        this.sender = new PortSender(this, host, ports, socket, connection, this.protocol, registration, replySource,
                options);
    }

    /** Calls startProtocol, and begins to receive. If anything fails, closes the port. */
    void start() throws Exception {
        LimitedLog.always(Logger.Level.DEBUG, "{0} starting on {1,number,#}", protocol, connection.local().port());
        try {
            connection.begin();
            receiver.acceptOnly(connection.peer());
            protocol.startProtocol();
            started = true;
            if (isListening()) {
                registration.add();
            }
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    /** Handles what epoll reported. A pending error is never a reason to close a UDP port. */
    public void ready(int readiness) {
        try {
            serve(readiness);
            endTurn();
        } catch (Throwable t) {
            fail(t);
        }
    }

    private void serve(int readiness) {
        if ((readiness & Readiness.ERROR) != 0) {
            readErrors();
        } else {
            unreadTurns = 0;
        }
        if ((readiness & Readiness.WRITABLE) != 0) {
            sender.flush();
        }
        var messages = (readiness & Readiness.READABLE) != 0 ? receiver.receive() : 0;
        if ((readiness & Readiness.HANGUP) != 0 && messages == 0) {
            // This can't be undone, and epoll would report it for ever.
            fail(new SyscallException("receive", "after another holder of the socket has shut it down",
                    Errno.ESHUTDOWN));
        }
    }

    private void readErrors() {
        try {
            errorPending(socket.drainErrors());
            unreadTurns = 0;
        } catch (SyscallException e) {
            // Once may be chance: a send may have taken the error since the poll.
            if (++unreadTurns == PortReceiver.FAILURES_IN_SUCCESSION) {
                fail(e);
            }
        }
    }

    void errorPending(int errno) {
        if (errno != 0 && portSocket.adopted()) {
            refreshPeer();
        }
        errors.pending(errno);
    }

    /**
     * Ends this port, and no other, since its socket can't be used any more: a call fails and would fail for ever, or
     * the program has closed the socket. The port is closed as if the program had called stopListening, so the protocol
     * learns of it by stopProtocol.
     */
    void fail(Throwable reason) {
        if (failed || last != null) {
            return;
        }
        failed = true;
        if (reason instanceof SyscallException) {
            LimitedLog.always(Logger.Level.ERROR, "{0} on {1} ends: {2}", protocol, connection.local(),
                    reason.getMessage());
        } else {
            LimitedLog.always(protocol + " on " + connection.local() + " ends: " + reason.getMessage(), reason);
        }
        if (stopping == null) {
            host.callLater(Duration.ZERO, this::close);
            stopping = stop();
        }
    }

    public boolean isListening() {
        return stopping == null;
    }

    boolean isClosed() {
        return last != null;
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length, SockAddr destination) {
        return sender.repeat(payload, offset, length, Objects.requireNonNull(destination))
                || sender.write(payload, offset, length, destination, checked(length, destination), null);
    }

    @Override
    public boolean write(byte[] payload, SockAddr destination) {
        var length = payload.length;
        return sender.repeat(payload, 0, length, Objects.requireNonNull(destination))
                || sender.write(payload, 0, length, destination, checked(length, destination), null);
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length, SockAddr destination, SendOptions options) {
        return sender.write(payload, offset, length, destination, checked(length, destination), options);
    }

    @Override
    public boolean write(byte[] payload) {
        return writeToPeer(payload, 0, payload.length);
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length) {
        return writeToPeer(payload, offset, length);
    }

    private boolean writeToPeer(Object payload, long offset, int length) {
        if (sender.repeat(payload, offset, length, null)) {
            return true;
        }
        requireOpen();
        if (portSocket.adopted() && connection.peer() == null) {
            refreshPeer();
        }
        refreshPeerOfShared();
        connection.requirePeer(length);
        return sender.write(payload, offset, length, null, null, null);
    }

    @Override
    public boolean write(byte[] payload, String host, int port) {
        return write(payload, AddressChecks.destination(host, port));
    }

    /**
     * Asks for the peer again, which another holder of the socket may have changed. Returns whether it is another one.
     */
    boolean refreshPeer() {
        var changed = connection.refresh();
        if (changed) {
            sender.checkAgain();
            receiver.acceptOnly(connection.peer());
        }
        return changed;
    }

    /** At the first write of a batch: the datagrams for the peer go to whomever the socket is connected to. */
    private void refreshPeerOfShared() {
        if (portSocket.adopted() && sender.isEmpty() && connection.peer() != null) {
            refreshPeer();
        }
    }

    /** The destination for the socket: null if it is the peer of a connected port. */
    private @Nullable SockAddr checked(int length, SockAddr destination) {
        requireOpen();
        refreshPeerOfShared();
        return connection.destination(length, destination);
    }

    private void requireOpen() {
        host.requireOwner();
        if (last != null) {
            throw new IllegalStateException("port " + connection.local().port() + " is closed");
        }
    }

    @Override
    public void flush() {
        requireOpen();
        sender.flush();
        // Failures are reported, and EPOLLOUT is armed, at the end of a turn.
        sender.list();
    }

    void flushUnlessBlocked() {
        try {
            sender.flushUnlessBlocked();
        } catch (Throwable t) {
            fail(t);
        }
    }

    void endListedTurn() {
        sender.unlist();
        try {
            endTurn();
        } catch (Throwable t) {
            fail(t);
        }
    }

    /** The wait for buffers is over. */
    void retry() {
        if (last == null) {
            step(sender::flush);
            step(this::endTurn);
        }
    }

    private void endTurn() {
        if (last == null) {
            sender.endTurn();
            if (errors.report(this)) {
                sender.list();
            }
        }
    }

    @Override
    public void connect(SockAddr peer) throws SyscallException {
        requireOpen();
        portSocket.requireConnectable();
        var to = connection.inFamily("connect", peer);
        if (to.port() == 0) {
            throw new InvalidAddressException("can't connect to port 0: " + peer);
        }
        flushToPeer("connect");
        try {
            connection.connect(to);
        } finally {
            receiver.acceptOnly(connection.peer());
        }
    }

    @Override
    public void connect(String host, int port) throws SyscallException {
        connect(AddressChecks.literal(host, port));
    }

    @Override
    public void disconnect() throws SyscallException {
        requireOpen();
        flushToPeer("disconnect");
        try {
            connection.disconnect();
        } finally {
            receiver.acceptOnly(connection.peer());
        }
    }

    /**
     * Datagrams for the peer carry no address, so they must be sent before the peer changes. An unconnected port is
     * flushed, too: only then {@link PortSender#repeat} no longer accepts every destination.
     */
    private void flushToPeer(String call) throws SyscallException {
        sender.flushUnlessBlocked();
        if (portSocket.adopted()) {
            refreshPeer();
        }
        if (connection.peer() != null && sender.refusesUntilEmpty()) {
            throw new SyscallException(call, "with datagrams for " + connection.peer() + " not yet sent", Errno.EAGAIN);
        }
    }

    @Override
    public @Nullable SockAddr peerAddress() {
        host.requireOwner();
        if (portSocket.adopted() && last == null) {
            refreshPeer();
        }
        return connection.peer();
    }

    @Override
    public SockAddr localAddress() {
        return connection.local();
    }

    @Override
    public CompletionStage<Void> stopListening() {
        host.requireOwner();
        if (stopping == null) {
            host.callLater(Duration.ZERO, this::close);
        }
        return stop();
    }

    private CompletableFuture<Void> stop() {
        if (stopping == null) {
            stopping = new Stopping(host);
            registration.remove();
            portSocket.stopGroup();
        }
        return stopping;
    }

    /** Sends what is left, reports to the protocol, and closes the socket. A second call does nothing. */
    public void close() {
        if (last != null) {
            return;
        }
        var stopped = stop();
        step(sender::flush);
        sender.tellFailures();
        LimitedLog.always(Logger.Level.DEBUG, "(UDP Port {0,number,#} Closed)", connection.local().port());
        if (started) {
            step(() -> errors.report(this));
            protocol.stopProtocol();
        }
        step(sender::drop);
        last = statistics();
        step(() -> connection.release(portSocket.adopted()));
        step(portSocket::close);
        ports.closed(this);
        stopped.complete(null);
    }

    /** Runs a step whose failure ends this port, and must not keep further steps from being done. */
    private void step(Runnable step) {
        try {
            step.run();
        } catch (Throwable t) {
            fail(t);
        }
    }

    @Override
    public UdpSocket socket() {
        return socket;
    }

    @Override
    public PortStatistics statistics() {
        host.requireOwner();
        if (last != null) {
            return last;
        }
        return new PortStatistics(
                socket.statistics(),
                sender.waitingDatagrams(),
                sender.refused(),
                sender.overflowed(),
                sender.dropped(),
                receiver.strangers(),
                receiver.notTaken(),
                protocol.failures());
    }

    @Override
    public int joinGroup(String group, String networkInterface) throws MulticastJoinException {
        requireOpen();
        return groups.join(new GroupRequest("join", group, "", networkInterface));
    }

    @Override
    public void leaveGroup(String group, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.leave(new GroupRequest("leave", group, "", networkInterface));
    }

    @Override
    public int joinSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        return groups.joinSource(new GroupRequest("join", group, source, networkInterface));
    }

    @Override
    public void leaveSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.leaveSource(new GroupRequest("leave", group, source, networkInterface));
    }

    @Override
    public void blockSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.blockSource(new GroupRequest("block", group, source, networkInterface));
    }

    @Override
    public void unblockSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.unblockSource(new GroupRequest("unblock", group, source, networkInterface));
    }

    @Override
    public void setTTL(int ttl) throws SyscallException {
        if (ttl < 0 || ttl > 255) {
            throw new IllegalArgumentException("TTL out of range: " + ttl);
        }
        var usable = settableSocket();
        if (ipv6) {
            usable.set(Ipv6Options.MULTICAST_HOPS, ttl);
        }
        usable.set(IpOptions.MULTICAST_TTL, ttl);
    }

    @Override
    public int getTTL() throws SyscallException {
        return usableSocket().get(ipv6 ? Ipv6Options.MULTICAST_HOPS : IpOptions.MULTICAST_TTL);
    }

    @Override
    public void setLoopbackMode(boolean on) throws SyscallException {
        var usable = settableSocket();
        if (ipv6) {
            usable.set(Ipv6Options.MULTICAST_LOOP, on);
        }
        usable.set(IpOptions.MULTICAST_LOOP, on);
    }

    @Override
    public boolean getLoopbackMode() throws SyscallException {
        return usableSocket().get(ipv6 ? Ipv6Options.MULTICAST_LOOP : IpOptions.MULTICAST_LOOP);
    }

    @Override
    public void setOutgoingInterface(String networkInterface) throws SyscallException {
        var usable = settableSocket();
        var chosen = Multicast.outgoingInterface(usable, networkInterface);
        if (ipv6) {
            usable.set(Ipv6Options.MULTICAST_IF, chosen.index());
        }
        usable.set(IpOptions.MULTICAST_IF, chosen);
        outgoing = chosen.index();
    }

    @Override
    public String getOutgoingInterface() throws SyscallException {
        if (ipv6) {
            return Integer.toString(usableSocket().get(Ipv6Options.MULTICAST_IF));
        }
        var address = usableSocket().get(IpOptions.MULTICAST_IF).address();
        return address.isAnyLocalAddress() && outgoing != 0
                ? Integer.toString(outgoing)
                : address.getHostAddress();
    }

    @Override
    public void setBroadcastAllowed(boolean allowed) throws SyscallException {
        settableSocket().set(SocketLevelOptions.BROADCAST, allowed);
    }

    @Override
    public boolean getBroadcastAllowed() throws SyscallException {
        return usableSocket().get(SocketLevelOptions.BROADCAST);
    }

    private UdpSocket usableSocket() {
        requireOpen();
        return socket;
    }

    /** The socket, once all that was written has been sent: an option would apply to it as well. */
    private UdpSocket settableSocket() throws SyscallException {
        requireOpen();
        if (!sender.isEmpty()) {
            flush();
            if (sender.refusesUntilEmpty()) {
                throw new SyscallException("setsockopt", "with datagrams not yet sent", Errno.EAGAIN);
            }
        }
        return socket;
    }

    @Override
    public String toString() {
        return protocol + (last != null ? " not connected" : " on " + connection.local().port());
    }
}
