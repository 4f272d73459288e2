package dev.salvo.protocol.testing;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.InvalidAddressException;
import dev.salvo.protocol.MulticastJoinException;
import dev.salvo.protocol.PortStatistics;
import dev.salvo.protocol.internal.fake.Memberships;
import dev.salvo.protocol.internal.port.AddressChecks;
import dev.salvo.protocol.internal.port.GroupRequest;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.DatagramMetadata;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketStatistics;
import dev.salvo.socket.UdpSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A port without a socket, for tests of protocols. It keeps the datagrams that are written, and the test plays the
 * peer.
 *
 * <p>
 * It has no reactor. It calls the protocol only from {@link #deliver}; a test calls connectionRefused, errorReceived,
 * writeFailed and writable itself.
 *
 * <p>
 * It refuses what a port refuses: addresses of the other family, datagrams that are too long, destinations other than
 * the connected peer, options that do not fit the datagram, and writes after stopListening has completed. It must be
 * used by one thread.
 */
public final class FakeDatagramTransport implements DatagramTransport {

    private final SockAddr localAddress;
    private final List<Written> written = new ArrayList<>();
    private @Nullable SockAddr peer;
    private boolean accepting = true;
    private boolean stopped;
    private int pathMtu = 1500;
    private final Memberships groups;
    private boolean broadcastAllowed;
    private boolean loopbackMode = true;
    private int ttl = 1;
    private String outgoingInterface;
    private long received;
    private long bytesReceived;
    private long fromStrangers;
    private long sent;
    private long bytesSent;
    private long refused;
    private final CompletionStage<Void> stopping = CompletableFuture.completedFuture(null);

    /** Makes a port on 0.0.0.0:9999, as {@code listenUdp} with this number does. */
    public FakeDatagramTransport() {
        this(SockAddr.of("0.0.0.0", 9999));
    }

    /**
     * Makes a port on an address.
     *
     * @param localAddress the local address, which also determines the family
     */
    public FakeDatagramTransport(SockAddr localAddress) {
        this.localAddress = localAddress.copy();
        groups = new Memberships(localAddress.isIpv6());
        outgoingInterface = chosenByRoutes();
    }

    /**
     * Calls datagramReceived as the reactor does. Like the reactor, it does not call it if the transport is stopped or
     * is connected to another address than {@code source}.
     *
     * <p>
     * The datagram is gone after the call, as a port's is: a protocol that keeps it has to copy it. It has no metadata.
     *
     * @param protocol the protocol to call
     * @param payload the bytes of the datagram
     * @param source the address that the datagram comes from
     * @throws Exception an exception of the protocol
     */
    public void deliver(DatagramProtocol protocol, byte[] payload, SockAddr source) throws Exception {
        deliver(protocol, payload, source, DatagramMetadata.none());
    }

    /**
     * Calls datagramReceived as {@link #deliver(DatagramProtocol, byte[], SockAddr)}, with metadata as a port would
     * have asked for.
     *
     * @param protocol the protocol to call
     * @param payload the bytes of the datagram
     * @param source the address that the datagram comes from
     * @param metadata what its {@code metadata()} returns, for instance
     *     {@code DatagramMetadata.none().withHopLimit(64)}
     * @throws Exception an exception of the protocol
     */
    public void deliver(DatagramProtocol protocol, byte[] payload, SockAddr source, DatagramMetadata metadata)
            throws Exception {
        if (stopped) {
            return;
        }
        if (peer != null && !peer.equals(source)) {
            fromStrangers++;
            return;
        }
        received++;
        bytesReceived += payload.length;
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocate(payload.length).copyFrom(MemorySegment.ofArray(payload));
            protocol.datagramReceived(Datagram.of(memory, source, metadata), this);
        }
    }

    /**
     * The datagrams that were written so far, in order.
     *
     * @return a copy of the list
     */
    public List<Written> written() {
        return List.copyOf(written);
    }

    /** Forgets the datagrams that were written. */
    public void clear() {
        written.clear();
    }

    /**
     * Simulates a full send queue: while {@code accept} is false, writes return false and the datagrams are not kept,
     * and setters throw EAGAIN.
     *
     * @param accept whether writes are accepted
     */
    public void setAccepting(boolean accept) {
        accepting = accept;
    }

    /**
     * Whether stopListening was called.
     *
     * @return true if it was
     */
    public boolean isStopped() {
        return stopped;
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length, SockAddr destination) {
        return write(payload, offset, length, destination, new SendOptions());
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length, SockAddr destination, SendOptions options) {
        requireOpen();
        var to = inFamily(destination);
        if (peer != null && !peer.equals(to)) {
            throw new InvalidAddressException("write() to " + destination + " on a port that is connected to " + peer);
        }
        var copy = Written.copyOf(payload, offset, length, to, options);
        if (!accepting) {
            refused++;
            return false;
        }
        sent++;
        bytesSent += length;
        return written.add(copy);
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length) {
        if (peer == null) {
            throw new IllegalStateException("write() without an address on a port that is not connected");
        }
        return write(payload, offset, length, peer);
    }

    @Override
    public boolean write(byte[] payload, String host, int port) {
        return write(payload, AddressChecks.destination(host, port));
    }

    /** Does nothing, since every write is kept at once. */
    @Override
    public void flush() {
        requireOpen();
    }

    @Override
    public void connect(SockAddr to) {
        requireOpen();
        var address = inFamily(to);
        if (address.port() == 0) {
            throw new InvalidAddressException("can't connect to port 0: " + to);
        }
        peer = address.copy();
    }

    @Override
    public void connect(String host, int port) {
        connect(AddressChecks.literal(host, port));
    }

    @Override
    public void disconnect() {
        requireOpen();
        peer = null;
    }

    @Override
    public @Nullable SockAddr peerAddress() {
        return peer;
    }

    /**
     * Sets the MTU that {@link #pathMtu} returns for every destination. It is 1,500 by default.
     *
     * @param bytes the MTU including the IP header, from 68, which every link has (RFC 791), to 65,536, which loopback
     *     has
     * @throws IllegalArgumentException if {@code bytes} is out of range
     */
    public void setPathMtu(int bytes) {
        if (bytes < 68 || bytes > 65_536) {
            throw new IllegalArgumentException("path MTU out of range: " + bytes);
        }
        pathMtu = bytes;
    }

    @Override
    public int pathMtu(SockAddr destination) throws SyscallException {
        requireOpen();
        if (destination.port() == 0) {
            throw new IllegalArgumentException("the port of a destination is not 0: " + destination);
        }
        if (destination.isIpv6() && !localAddress.isIpv6()) {
            throw new SyscallException("connect", Errno.EAFNOSUPPORT);
        }
        return pathMtu;
    }

    @Override
    public SockAddr localAddress() {
        return localAddress;
    }

    /** Completes at once, since there is no loop. */
    @Override
    public CompletionStage<Void> stopListening() {
        stopped = true;
        return stopping;
    }

    /**
     * Not supported: a fake transport has no socket.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public UdpSocket socket() {
        throw new UnsupportedOperationException(
                "a fake transport has no socket: test what sets its options with a reactor on loopback");
    }

    /**
     * Counts what was delivered, written and refused. Each delivery and each write counts as one call, one message and
     * one datagram. What only a kernel does is 0.
     *
     * @return the counters of this transport
     */
    @Override
    public PortStatistics statistics() {
        var socket = new SocketStatistics(received, received, received, bytesReceived, 0, 0, 0, 0, sent, sent, sent,
                bytesSent, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        return new PortStatistics(socket, 0, refused, 0, 0, fromStrangers, 0, 0);
    }

    /**
     * The groups that are joined. Every interface that is named exists here. Its index is its number, if it is given by
     * one, and otherwise the next number that no other interface has. A port on a unicast address refuses to join, as a
     * real one does.
     *
     * @return each as {@code group} or {@code group on interface}, followed by {@code from sources} if the group was
     * joined for single sources, or by {@code except sources} if sources are blocked
     */
    public Set<String> groups() {
        return groups.names();
    }

    @Override
    public int joinGroup(String group, String networkInterface) throws MulticastJoinException {
        requireOpen();
        return groups.join(audible(new GroupRequest("join", group, "", networkInterface)));
    }

    @Override
    public void leaveGroup(String group, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.leave(new GroupRequest("leave", group, "", networkInterface));
    }

    @Override
    public int joinSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        return groups.joinSource(audible(new GroupRequest("join", group, source, networkInterface)));
    }

    @Override
    public void leaveSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.leaveSource(new GroupRequest("leave", group, source, networkInterface));
    }

    @Override
    public void blockSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.block(new GroupRequest("block", group, source, networkInterface));
    }

    @Override
    public void unblockSource(String group, String source, String networkInterface) throws MulticastJoinException {
        requireOpen();
        groups.unblock(new GroupRequest("unblock", group, source, networkInterface));
    }

    @Override
    public void setTTL(int newTtl) throws SyscallException {
        requireSettable();
        if (newTtl < 0 || newTtl > 255) {
            throw new IllegalArgumentException("TTL out of range: " + newTtl);
        }
        ttl = newTtl;
    }

    @Override
    public int getTTL() {
        requireOpen();
        return ttl;
    }

    @Override
    public void setLoopbackMode(boolean on) throws SyscallException {
        requireSettable();
        loopbackMode = on;
    }

    @Override
    public boolean getLoopbackMode() {
        requireOpen();
        return loopbackMode;
    }

    @Override
    public void setOutgoingInterface(String networkInterface) throws SyscallException {
        requireSettable();
        outgoingInterface = networkInterface.isEmpty() ? chosenByRoutes() : networkInterface;
    }

    @Override
    public String getOutgoingInterface() {
        requireOpen();
        return outgoingInterface;
    }

    @Override
    public void setBroadcastAllowed(boolean allowed) throws SyscallException {
        requireSettable();
        broadcastAllowed = allowed;
    }

    @Override
    public boolean getBroadcastAllowed() {
        requireOpen();
        return broadcastAllowed;
    }

    /** A port on {@code ::} serves IPv4 as well. */
    private SockAddr inFamily(SockAddr address) {
        if (address.isIpv6() == localAddress.isIpv6()) {
            return address;
        }
        if (localAddress.host().equals("::")) {
            return address.toIpv4Mapped();
        }
        throw new InvalidAddressException(address + " is not of the family of " + localAddress);
    }

    /** A connected port is on the address of its route. This one has no routes, and takes the peer's address for it. */
    private GroupRequest audible(GroupRequest request) {
        var routed = peer != null && localAddress.inetAddress().isAnyLocalAddress();
        request.requireAudible(routed && peer != null ? peer : localAddress);
        return request;
    }

    private String chosenByRoutes() {
        return localAddress.isIpv6() ? "0" : "0.0.0.0";
    }

    private void requireSettable() throws SyscallException {
        requireOpen();
        if (!accepting) {
            throw new SyscallException("setsockopt", "with datagrams not yet sent", Errno.EAGAIN);
        }
    }

    private void requireOpen() {
        if (stopped) {
            throw new IllegalStateException("port " + localAddress.port() + " is closed");
        }
    }
}
