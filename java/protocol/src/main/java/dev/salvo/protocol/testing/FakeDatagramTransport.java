package dev.salvo.protocol.testing;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.InvalidAddressException;
import dev.salvo.protocol.PortStatistics;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.Errno;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A port without a socket, for tests of protocols: what is written is kept, and a test plays the peer. It has no
 * reactor and calls the protocol only where {@link #deliver} is asked to; a test calls connectionRefused,
 * errorReceived, writeFailed and writable itself.
 *
 * <p>It refuses what a port refuses: addresses of the other family, datagrams that are too long, a destination other
 * than the connected peer, options that don't suit the datagram, a write after stopListening has completed. Belongs to
 * one thread.
 */
public final class FakeDatagramTransport extends FakeMulticast implements DatagramTransport {

    private final SockAddr localAddress;
    private final List<Written> written = new ArrayList<>();
    private @Nullable SockAddr peer;
    private boolean accepting = true;
    private boolean stopped;
    private int pathMtu = 1500;
    private final CompletionStage<Void> stopping = CompletableFuture.completedFuture(null);

    /** A port on 192.0.2.1:9999, an address that documentation has for itself (RFC 5737). */
    public FakeDatagramTransport() {
        this(SockAddr.of("192.0.2.1", 9999));
    }

    /**
     * A port on an address.
     *
     * @param localAddress its address, which also says its family
     */
    public FakeDatagramTransport(SockAddr localAddress) {
        super(localAddress.isIpv6());
        this.localAddress = localAddress.copy();
    }

    /**
     * Calls datagramReceived as the reactor does, and as there not if the transport is stopped, or connected to
     * another. Other than there the datagram stays valid after the call, so a test doesn't see that a protocol should
     * have copied it; and its metadata is empty, whatever a port would have asked for, since the kernel alone makes
     * some.
     *
     * @param protocol whose
     * @param payload the datagram
     * @param source where it comes from
     * @throws Exception what the protocol throws
     */
    public void deliver(DatagramProtocol protocol, byte[] payload, SockAddr source) throws Exception {
        if (!stopped && (peer == null || peer.equals(source))) {
            protocol.datagramReceived(Datagram.of(payload, source), this);
        }
    }

    /**
     * What was written so far, in order.
     *
     * @return a copy of the list
     */
    public List<Written> written() {
        return List.copyOf(written);
    }

    /** Forgets what was written. */
    public void clear() {
        written.clear();
    }

    /**
     * Plays a full send queue: while it is false, writes return false and nothing is kept.
     *
     * @param accept whether writes are taken
     */
    public void setAccepting(boolean accept) {
        accepting = accept;
    }

    /**
     * Whether stopListening was called.
     *
     * @return whether it was
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
        requireFamily(destination);
        if (peer != null && !peer.equals(destination)) {
            throw new InvalidAddressException("write() to " + destination + " on a port that is connected to " + peer);
        }
        var copy = Written.copyOf(payload, offset, length, destination, options);
        return accepting && written.add(copy);
    }

    @Override
    public boolean write(MemorySegment payload, long offset, int length) {
        if (peer == null) {
            throw new IllegalStateException("write() without an address on a port that is not connected");
        }
        return write(payload, offset, length, peer);
    }

    @Override
    public boolean writeNow(MemorySegment payload, long offset, int length, SockAddr destination) {
        return write(payload, offset, length, destination);
    }

    @Override
    public boolean writeNow(MemorySegment payload, long offset, int length, SockAddr destination, SendOptions options) {
        return write(payload, offset, length, destination, options);
    }

    @Override
    public boolean writeNow(MemorySegment payload, long offset, int length) {
        return write(payload, offset, length);
    }

    @Override
    public void connect(SockAddr to) {
        requireOpen();
        requireFamily(to);
        if (to.port() == 0) {
            throw new InvalidAddressException("port 0 can't be connected to: " + to);
        }
        peer = to.copy();
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
     * Sets what {@link #pathMtu} tells, of every destination; 1,500 at first.
     *
     * @param bytes with the IP header, from 68, which every link has (RFC 791), to 65,536, which loopback has
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
            throw new IllegalArgumentException("no destination has port 0: " + destination);
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

    /** Completes at once: there is no loop to wait for. */
    @Override
    public CompletionStage<Void> stopListening() {
        stopped = true;
        return stopping;
    }

    /**
     * There is none.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public UdpSocket socket() {
        throw new UnsupportedOperationException("no socket below a fake transport");
    }

    /**
     * There are none.
     *
     * @throws UnsupportedOperationException always
     */
    @Override
    public PortStatistics statistics() {
        throw new UnsupportedOperationException("a fake transport counts nothing: see written()");
    }

    private void requireFamily(SockAddr address) {
        if (address.isIpv6() != localAddress.isIpv6()) {
            throw new InvalidAddressException(address + " is not of the family of " + localAddress);
        }
    }

    @Override
    void requireOpen() {
        if (stopped) {
            throw new IllegalStateException("port " + localAddress.port() + " is closed");
        }
    }
}
