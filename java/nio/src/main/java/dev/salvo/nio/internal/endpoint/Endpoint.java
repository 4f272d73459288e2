package dev.salvo.nio.internal.endpoint;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SendFailure;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.socket.poll.DescriptorWait;
import dev.salvo.socket.poll.Readiness;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A socket, the received datagrams that the program has not taken yet, and the sends that wait to be joined with
 * others. Every public method is called with {@link #lock} held.
 */
public final class Endpoint {

    /** The answer of {@link #send} if the kernel accepts no more now. */
    public static final int FULL = -1;

    private static final Logger LOG = System.getLogger("dev.salvo.nio");
    private static final int IPV4_LARGEST = 65_507;
    private static final int IPV6_LARGEST = 65_527;
    private static final int FEW_SLOTS = 4;
    private static final int OUT_BYTES = 256 * 1024;
    /** A program that takes longer for each datagram does something else meanwhile. */
    private static final long QUICK_NANOS = 10_000;
    /** How many destinations of failed sends are remembered. */
    private static final int MOST_FAILING = 64;
    /** How long a close, and the JVM's exit, try to send what the kernel did not accept before. */
    private static final long LAST_TRY_NANOS = 1_000_000_000;

    /** Held by whoever uses the endpoint, and by nobody who waits. */
    public final ReentrantLock lock;

    private final UdpSocket socket;
    private final boolean ipv6;
    /** Other processes may read the socket too, so no more is read than the program asks for. */
    private final boolean shared;
    private final SendRule rule;
    private final Addresses addresses;
    private Watcher[] watchers = {};

    private @Nullable ReceiveBatch in;
    /** How many messages the last receive call returned. */
    private int filled;
    /** The oldest datagram that is held; null if none is. */
    private @Nullable Datagram head;
    /** How many of a batch were taken while there were more, and when the first of them was. */
    private int taken;
    private long takenSince;
    /** Whether the program took the datagrams of the last batch one right after the other. */
    private boolean quick;
    private @Nullable Thread taker;

    private @Nullable SendBatch out;
    /** Whether sends are waiting in {@link #out}, and the tick of {@link FlushClock} when the first of them came. */
    private boolean deferred;
    private volatile long deferredSince;
    /** Whether the clock looks at this endpoint. */
    private boolean active;
    private final Set<SockAddr> failing = new HashSet<>();
    private long deferredFailures;

    private @Nullable SockAddr peer;
    /** Whether a send has met an error about an earlier datagram to the peer. */
    private boolean refused;

    private @Nullable DescriptorWait wait;
    private int waiters;
    /** Whether the last receive had to wait. */
    private boolean waited;
    private boolean closing;
    private boolean released;

    private Endpoint(UdpSocket socket, ReentrantLock lock, boolean shared, SendRule rule) {
        this.socket = socket;
        this.lock = lock;
        this.shared = shared;
        this.rule = rule;
        this.ipv6 = socket.family() == StandardProtocolFamily.INET6;
        this.addresses = new Addresses(ipv6);
        Totals.opened(this);
    }

    /** Opens a socket. An IPv6 one is for both families. */
    public static Endpoint open(StandardProtocolFamily family, SendRule rule) throws IOException {
        var lock = new ReentrantLock();
        lock.lock();
        try {
            var endpoint = new Endpoint(UdpSocket.open(family, lock), lock, false, rule);
            endpoint.prepare();
            return endpoint;
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        } finally {
            lock.unlock();
        }
    }

    /** Takes ownership of a descriptor. Its options stay as they are. */
    public static Endpoint adopt(int descriptor, SendRule rule) throws IOException {
        var lock = new ReentrantLock();
        lock.lock();
        try {
            var endpoint = new Endpoint(UdpSocket.adopt(descriptor, lock), lock, true, rule);
            endpoint.peer = endpoint.socket.peerAddress();
            return endpoint;
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        } finally {
            lock.unlock();
        }
    }

    /** As the JDK does: IPv4 on an IPv6 socket whatever the sysctl says, and no groups that others have joined. */
    private void prepare() {
        if (ipv6) {
            setIfPossible(Ipv6Options.V6ONLY, false);
            setIfPossible(Ipv6Options.MULTICAST_ALL, false);
        }
        setIfPossible(IpOptions.MULTICAST_ALL, false);
        setIfPossible(UdpOptions.GRO, true);
    }

    private void setIfPossible(SockOpt<Boolean> option, boolean value) {
        try {
            socket.set(option, value);
        } catch (SyscallException e) {
            LOG.log(Logger.Level.DEBUG, "{0} is not available, continuing without it: {1}", option, e.getMessage());
        }
    }

    /** The socket, for what this class has no method for. */
    public UdpSocket socket() {
        return socket;
    }

    public boolean isIpv6() {
        return ipv6;
    }

    /** From now on calls the watcher for what epoll does not report. */
    public void watch(Watcher watcher) {
        watchers = Arrays.copyOf(watchers, watchers.length + 1);
        watchers[watchers.length - 1] = watcher;
        if (head != null) {
            watcher.holds();
        }
    }

    public void unwatch(Watcher watcher) {
        watchers = Arrays.stream(watchers).filter(each -> each != watcher).toArray(Watcher[]::new);
    }

    /** {@return whether datagrams have left the kernel that the program has not taken} */
    public boolean holds() {
        return head != null;
    }

    /**
     * Receives if nothing is held.
     *
     * @return whether a datagram is held now
     */
    public boolean fill() throws IOException {
        if (head != null) {
            return true;
        }
        throwIfRefused();
        flush();
        var batch = batch();
        while (true) {
            try {
                filled = socket.receive(batch);
                if (filled == 0) {
                    return false;
                }
                head = batch.next();
                return true;
            } catch (SyscallException e) {
                if (!Errno.isRaisedByIcmp(e.errno())) {
                    throw NetErrors.of(e);
                }
                if (peer != null) {
                    throw NetErrors.unreachable(Addresses.shown(peer));
                }
                // A program that sends to many has no use for it, and the call has cleared it.
            }
        }
    }

    /**
     * Receives if nothing is held, and waits for a datagram. If the one before had to be waited for, this one will have
     * to be, so the wait comes before the first attempt.
     *
     * @param nanos negative for no limit
     * @param goesOn asked after each wait
     * @return whether a datagram is held now
     */
    public boolean fillWaiting(long nanos, BooleanSupplier goesOn) throws IOException {
        if (head == null && waited) {
            throwIfRefused();
            flush();
        } else if (fill()) {
            waited = false;
            return true;
        }
        waited = true;
        var end = nanos < 0 ? 0 : System.nanoTime() + nanos;
        do {
            var left = nanos < 0 ? -1 : end - System.nanoTime();
            if (nanos >= 0 && left <= 0) {
                return fill();
            }
            await(Readiness.READABLE, left);
            if (!goesOn.getAsBoolean()) {
                return false;
            }
        } while (!fill());
        waited = filled == 1;
        return true;
    }

    /**
     * The batch to receive into, which is empty. It is a small one until that was full once: a program may have
     * thousands of channels of which each receives little.
     */
    private ReceiveBatch batch() throws SyscallException {
        var batch = in;
        if (batch == null) {
            batch = ReceiveBatch.open(shared ? 1 : FEW_SLOTS, lock);
        } else if (filled == FEW_SLOTS && batch.slots() == FEW_SLOTS) {
            batch.close();
            in = null;
            batch = ReceiveBatch.open(ReceiveBatch.DEFAULT_SLOTS, lock);
        }
        in = batch;
        return batch;
    }

    /** The source of the oldest datagram that is held. */
    public InetSocketAddress source() {
        return addresses.ofSource(held().source());
    }

    private Datagram held() {
        return Objects.requireNonNull(head, "call fill() first");
    }

    /** Copies a part of the oldest held datagram to a buffer, as much as there is room for. Returns how many bytes. */
    public int copy(int from, ByteBuffer target) {
        var datagram = held();
        var count = Math.min(datagram.length() - from, target.remaining());
        datagram.copyTo(from, count, target);
        return count;
    }

    /** Goes on to the next datagram. What the program sends after it has taken the last one is sent at once. */
    public void drop() {
        head = Objects.requireNonNull(in).next();
        taker = Thread.currentThread();
        if (head != null) {
            if (taken == 0) {
                takenSince = System.nanoTime();
            }
            taken++;
            for (var watcher : watchers) {
                watcher.holds();
            }
            return;
        }
        if (taken > 0) {
            quick = System.nanoTime() - takenSince < taken * QUICK_NANOS;
            taken = 0;
        }
        if (rule != SendRule.TURN) {
            flush();
        }
    }

    /**
     * Sends the bytes between the position and the limit of a buffer, which does not change, or defers it.
     *
     * @param shown the destination; null for the peer
     * @return their number, or {@link #FULL}
     */
    public int send(ByteBuffer payload, @Nullable InetSocketAddress shown) throws IOException {
        throwIfRefused();
        var to = shown == null ? null : addresses.ofDestination(shown);
        var length = payload.remaining();
        if (length > IPV4_LARGEST) {
            requireLength(length, to);
        }
        if (mayDefer() && !isFailing(to)) {
            return deferred(payload, to) ? length : FULL;
        }
        flush();
        return deferred ? FULL : sendNow(payload, to);
    }

    /** Adds a datagram to those that wait. Returns whether there was room. */
    private boolean deferred(ByteBuffer payload, @Nullable SockAddr to) throws IOException {
        var batch = out;
        if (batch == null) {
            batch = SendBatch.open(OUT_BYTES, lock);
            out = batch;
        }
        if (!batch.add(payload, to)) {
            flush();
            if (!batch.add(payload, to)) {
                return false;
            }
        }
        defer();
        return true;
    }

    private void requireLength(int length, @Nullable SockAddr to) throws IOException {
        var destination = to != null ? to : peer;
        var most = destination != null && destination.isIpv6() && !destination.isIpv4Mapped()
                ? IPV6_LARGEST
                : IPV4_LARGEST;
        if (length > most) {
            throw NetErrors.ofSend(length, String.valueOf(destination), Errno.EMSGSIZE);
        }
    }

    private boolean mayDefer() {
        return switch (rule) {
            case SYNC -> false;
            case HELD -> head != null && quick && taker == Thread.currentThread();
            case TURN -> true;
        };
    }

    private boolean isFailing(@Nullable SockAddr to) {
        return !failing.isEmpty() && failing.contains(to != null ? to : peer);
    }

    private void defer() {
        if (deferred) {
            return;
        }
        deferred = true;
        deferredSince = FlushClock.CLOCK.now();
        for (var watcher : watchers) {
            watcher.defers();
        }
        if (!active) {
            active = true;
            FlushClock.CLOCK.add(this);
        }
    }

    private int sendNow(ByteBuffer payload, @Nullable SockAddr to) throws IOException {
        try {
            if (!socket.send(payload, to)) {
                return FULL;
            }
            if (!failing.isEmpty()) {
                failing.remove(to != null ? to : peer);
            }
        } catch (SyscallException e) {
            if (e.errno() != Errno.ECONNREFUSED) {
                throw NetErrors.of(e);
            }
            // Without a peer it may be about any destination, as for the JDK.
            if (peer != null) {
                throw NetErrors.unreachable(Addresses.shown(peer));
            }
        }
        return payload.remaining();
    }

    private void noteClearedError() {
        if (socket.takeClearedError() != 0 && peer != null) {
            refused = true;
        }
    }

    private void throwIfRefused() throws IOException {
        if (refused) {
            refused = false;
            if (peer != null) {
                throw NetErrors.unreachable(Addresses.shown(peer));
            }
        }
    }

    /** Sends what waits, as far as the kernel accepts it. */
    public void flush() {
        var batch = out;
        if (!deferred || batch == null) {
            return;
        }
        socket.send(batch);
        noteClearedError();
        if (!batch.failures().isEmpty()) {
            batch.failures().forEach(this::deferredSendFailed);
        }
        deferred = batch.pendingDatagrams() > 0;
        if (!deferred) {
            batch.clear();
        }
    }

    private void deferredSendFailed(SendFailure failure) {
        var to = failure.destination() != null ? failure.destination() : peer;
        if (failure.errno() == Errno.ECONNREFUSED) {
            refused |= peer != null;
            return;
        }
        deferredFailures++;
        if (to != null && failing.size() < MOST_FAILING) {
            failing.add(to);
        }
        LOG.log(deferredFailures == 1 ? Logger.Level.WARNING : Logger.Level.DEBUG,
                "a send of {0} bytes to {1} failed after it had returned: {2}; the next one there is not deferred",
                failure.length(), to, Errno.describe(failure.errno()));
    }

    /** Any thread: flushes what has waited since the last tick. Returns how many ticks ago a send was deferred. */
    long tick(long now) {
        if (now - deferredSince >= 2 && lock.tryLock()) {
            try {
                if (!released && now - deferredSince >= 2) {
                    flush();
                }
            } finally {
                lock.unlock();
            }
        }
        return now - deferredSince;
    }

    /** Any thread: the clock no longer looks at this endpoint, unless it defers again. */
    void deactivate(FlushClock clock) {
        if (lock.tryLock()) {
            try {
                if (!deferred) {
                    active = false;
                    clock.remove(this);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Any thread. */
    void flushAtExit() {
        try {
            if (lock.tryLock(LAST_TRY_NANOS, TimeUnit.NANOSECONDS)) {
                try {
                    if (!released) {
                        flushFinally();
                    }
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void flushFinally() {
        var end = System.nanoTime() + LAST_TRY_NANOS;
        flush();
        while (deferred && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
            flush();
        }
        if (deferred) {
            LOG.log(Logger.Level.WARNING, "{0} datagrams were not sent: the kernel accepted no more",
                    Objects.requireNonNull(out).pendingDatagrams());
        }
    }

    public void bind(InetSocketAddress to) throws IOException {
        try {
            socket.bind(addresses.inFamily(to));
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        }
    }

    public InetSocketAddress localAddress() throws IOException {
        try {
            return Addresses.shown(socket.localAddress());
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        }
    }

    /** The peer that an adopted socket had; null if it had none. */
    public @Nullable InetSocketAddress peerAddress() {
        return peer == null ? null : Addresses.shown(peer);
    }

    /** Connects, and discards what was received before: it may be of others. */
    public void connect(InetSocketAddress to) throws IOException {
        flush();
        refused = false;
        try {
            socket.connect(addresses.inFamily(to));
            peer = socket.peerAddress();
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        }
        while (fill()) {
            head = null;
        }
        taken = 0;
    }

    public void disconnect() throws IOException {
        flush();
        refused = false;
        peer = null;
        try {
            socket.disconnect();
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        }
    }

    /**
     * Waits, with the lock given up meanwhile, until the socket is ready or {@link #close} is called.
     *
     * @param interest bits of {@code Readiness}
     * @param nanos negative for no limit
     */
    public void await(int interest, long nanos) throws IOException {
        var waiting = wait;
        if (waiting == null) {
            waiting = DescriptorWait.open();
            wait = waiting;
        }
        var descriptor = socket.descriptor();
        waiters++;
        lock.unlock();
        try {
            waiting.await(descriptor, interest, nanos);
        } finally {
            lock.lock();
            waiters--;
            if (closing && waiters == 0) {
                release();
            }
        }
    }

    /**
     * Flushes, ends all waits, and closes the socket when the last one has ended.
     *
     * @param registered whether a selector still watches the socket, and calls {@link #close} when it does no longer
     */
    public void close(boolean registered) {
        if (!released) {
            flushFinally();
            closing |= !registered;
            if (wait != null) {
                wait.end();
            }
            if (closing && waiters == 0) {
                release();
            }
        }
    }

    private void release() {
        if (!released) {
            released = true;
            deferred = false;
            head = null;
            FlushClock.CLOCK.remove(this);
            Totals.closing(this);
            if (in != null) {
                in.close();
            }
            if (out != null) {
                out.close();
            }
            if (wait != null) {
                wait.close();
            }
            socket.close();
        }
    }
}
