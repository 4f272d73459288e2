package dev.salvo.nio.internal.selector;

import dev.salvo.linux.SyscallException;
import dev.salvo.nio.internal.channel.UdpChannel;
import dev.salvo.nio.internal.endpoint.NetErrors;
import dev.salvo.nio.internal.jdk.JdkProvider;
import dev.salvo.nio.internal.jdk.SelectorDescriptor;
import dev.salvo.socket.poll.DescriptorWait;
import dev.salvo.socket.poll.EpollPoller;
import dev.salvo.socket.poll.EventFd;
import dev.salvo.socket.poll.Readiness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A selector for UDP channels of Salvo and for any channel of the JDK. The latter are registered with a selector of the
 * JDK inside, whose epoll descriptor this one watches with its own.
 *
 * <p>
 * What epoll can't tell, the keys do: datagrams that a channel has read ahead, and sends that wait for the next
 * selection. They come into queues, which have a lock of their own that is held for nothing else.
 */
public final class HybridSelector extends AbstractSelector {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Held by the thread that selects, also while it waits. */
    private final ReentrantLock polling;
    private final EpollPoller poller;
    private final EventFd wake;

    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> keysView = Collections.unmodifiableSet(keys);
    private final SelectedKeys selected = new SelectedKeys();

    private final Object queues = new Object();
    /** Keys whose interest has changed, that hold datagrams, and that have deferred sends. */
    private ArrayDeque<UdpKey> changed = new ArrayDeque<>();
    private ArrayDeque<UdpKey> holding = new ArrayDeque<>();
    private ArrayDeque<UdpKey> deferring = new ArrayDeque<>();
    /** What a selection takes a queue by, in exchange for this empty one. */
    private ArrayDeque<UdpKey> spare = new ArrayDeque<>();
    /** Whether wakeup was called since the last selection returned. */
    private boolean woken;
    /** The thread that waits, or is about to; null if none does. */
    private @Nullable Thread waiting;

    private final Object opening = new Object();
    /** The JDK's selector and its descriptor, once a channel of the JDK is registered. */
    private volatile @Nullable Selector inner;
    private int innerDescriptor;
    private boolean innerWatched;
    /** For virtual threads, which must not wait in epoll; null until one does. */
    private @Nullable DescriptorWait virtualWait;
    /** How many keys the selection under way has updated, and whether it has found any that is ready. */
    private int updated;
    private boolean found;
    /** The keys that the selection under way has found, if it has an action for them; they are not selected then. */
    private @Nullable Set<SelectorKey> consumed;
    private boolean selecting;

    private HybridSelector(SelectorProvider provider, ReentrantLock polling, EpollPoller poller, EventFd wake) {
        super(provider);
        this.polling = polling;
        this.poller = poller;
        this.wake = wake;
    }

    /** Opens a selector. */
    public static HybridSelector open(SelectorProvider provider) throws IOException {
        var lock = new ReentrantLock();
        lock.lock();
        try {
            var poller = EpollPoller.open(lock);
            try {
                var wake = EventFd.open(lock);
                poller.add(wake, wake);
                return new HybridSelector(provider, lock, poller, wake);
            } catch (SyscallException e) {
                poller.close();
                throw e;
            }
        } catch (SyscallException e) {
            throw NetErrors.of(e);
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }

    @Override
    public Set<SelectionKey> keys() {
        requireOpen();
        return keysView;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        requireOpen();
        return selected;
    }

    // Registration. It takes effect with the next selection.

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        requireOpen();
        var key = channel instanceof UdpChannel udp ? keyOf(udp) : keyInside(channel);
        key.attach(attachment);
        key.begin(ops);
        keys.add(key);
        if (!isOpen()) {
            keys.remove(key);
            key.cancel();
            if (key instanceof UdpKey udp) {
                udp.channel.unwatch(udp);
            }
            throw new ClosedSelectorException();
        }
        return key;
    }

    private SelectorKey keyOf(UdpChannel channel) {
        var endpoint = channel.endpoint();
        endpoint.lock.lock();
        try {
            var key = new UdpKey(this, channel, endpoint.socket().descriptor());
            endpoint.watch(key);
            return key;
        } finally {
            endpoint.lock.unlock();
        }
    }

    private SelectorKey keyInside(AbstractSelectableChannel channel) {
        try {
            var innerKey = channel.register(inner(), 0);
            var key = new JdkKey(this, innerKey);
            innerKey.attach(key);
            return key;
        } catch (ClosedChannelException e) {
            throw unchecked(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only the method of the channel that calls {@link #register} declares this exception. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException unchecked(Throwable t) throws T {
        throw (T) t;
    }

    private Selector inner() throws IOException {
        synchronized (opening) {
            var opened = inner;
            if (opened == null) {
                opened = JdkProvider.get().openSelector();
                try {
                    innerDescriptor = SelectorDescriptor.of(opened, JdkProvider.get());
                } catch (IOException e) {
                    opened.close();
                    throw e;
                }
                inner = opened;
            }
            return opened;
        }
    }

    // What keys tell

    void changed(UdpKey key) {
        synchronized (queues) {
            if (!key.changed) {
                key.changed = true;
                changed.add(key);
            }
        }
    }

    /** A thread that waits must look at the key: what it waits for has left the kernel. */
    void holds(UdpKey key) {
        synchronized (queues) {
            holding.add(key);
            if (waiting != null && waiting != Thread.currentThread()) {
                wake.signal();
            }
        }
    }

    void defers(UdpKey key) {
        synchronized (queues) {
            deferring.add(key);
        }
    }

    // Selection

    @Override
    public int select() throws IOException {
        return selectWithin(-1, null);
    }

    @Override
    public int select(long millis) throws IOException {
        return selectWithin(nanos(millis), null);
    }

    @Override
    public int selectNow() throws IOException {
        return selectWithin(0, null);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long millis) throws IOException {
        return selectWithin(nanos(millis), Objects.requireNonNull(action));
    }

    @Override
    public int select(Consumer<SelectionKey> action) throws IOException {
        return selectWithin(-1, Objects.requireNonNull(action));
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) throws IOException {
        return selectWithin(0, Objects.requireNonNull(action));
    }

    /** For java.nio 0 means no limit. */
    private static long nanos(long millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("negative timeout: " + millis);
        }
        return millis == 0 ? -1 : Math.min(millis, Long.MAX_VALUE / NANOS_PER_MILLI) * NANOS_PER_MILLI;
    }

    private int selectWithin(long nanos, @Nullable Consumer<SelectionKey> action) throws IOException {
        synchronized (this) {
            requireOpen();
            if (selecting) {
                throw new IllegalStateException("an action of a selection must not select");
            }
            synchronized (selected) {
                polling.lock();
                selecting = true;
                try {
                    consumed = action == null ? null : new LinkedHashSet<>();
                    var count = selectLocked(nanos);
                    return action == null ? count : consume(action);
                } catch (SyscallException e) {
                    throw NetErrors.of(e);
                } finally {
                    selecting = false;
                    polling.unlock();
                }
            }
        }
    }

    private int consume(Consumer<SelectionKey> action) {
        var ready = Objects.requireNonNull(consumed);
        for (var key : ready) {
            action.accept(key);
            requireOpen();
        }
        return ready.size();
    }

    private int selectLocked(long nanos) throws IOException {
        updated = 0;
        found = false;
        takeOutCancelled();
        flushDeferred();
        applyChanges();
        if (nanos == 0) {
            selectOnce(0);
        } else {
            begin();
            try {
                selectBlocking(nanos);
            } finally {
                end();
            }
        }
        takeOutCancelled();
        synchronized (queues) {
            if (woken) {
                woken = false;
                wake.take();
            }
        }
        return updated;
    }

    /** Goes on until there is a reason to return: wakes that only concern this class are none. */
    private void selectBlocking(long nanos) throws IOException {
        var end = System.nanoTime() + nanos;
        var left = nanos;
        do {
            selectOnce(left);
            left = nanos < 0 ? nanos : Math.max(0, end - System.nanoTime());
        } while (!found && left != 0 && !isWoken() && isOpen() && !Thread.currentThread().isInterrupted());
    }

    private boolean isWoken() {
        synchronized (queues) {
            return woken;
        }
    }

    private void selectOnce(long nanos) throws IOException {
        lookAtHolding();
        var innerSelector = inner;
        if (innerSelector != null) {
            selectInside(innerSelector);
        }
        var events = poll(mayWait() && !found ? nanos : 0);
        synchronized (queues) {
            waiting = null;
        }
        for (int i = 0; i < events; i++) {
            var attachment = poller.attachment(i);
            if (attachment instanceof UdpKey key) {
                update(key, key.operations(poller.readiness(i)));
            } else if (attachment == wake) {
                wake.take();
            } else if (attachment == innerSelector && innerSelector != null) {
                selectInside(innerSelector);
            }
        }
        if (events > 0) {
            lookAtHolding();
        }
    }

    /** Whether nothing has come in the meantime. From now on whoever comes wakes this thread. */
    private boolean mayWait() {
        synchronized (queues) {
            waiting = Thread.currentThread();
            return !woken && holding.isEmpty();
        }
    }

    private int poll(long nanos) throws SyscallException {
        if (nanos == 0 || !Thread.currentThread().isVirtual()) {
            return poller.await(nanos);
        }
        var wait = virtualWait;
        if (wait == null) {
            wait = DescriptorWait.open();
            virtualWait = wait;
        }
        wait.await(poller.descriptor(), Readiness.READABLE, nanos);
        return poller.await(0);
    }

    private void update(SelectorKey key, int ops) {
        if (ops == 0 || !key.isValid()) {
            return;
        }
        found = true;
        var consuming = consumed;
        if (consuming != null) {
            key.ready(consuming.add(key) ? ops : key.ready() | ops);
            return;
        }
        var before = selected.select(key) ? 0 : key.ready();
        updated += (before | ops) != before ? 1 : 0;
        key.ready(before | ops);
    }

    private void selectInside(Selector selector) throws IOException {
        selector.selectNow(innerKey -> {
            if (innerKey.attachment() instanceof JdkKey key) {
                try {
                    update(key, innerKey.readyOps());
                } catch (CancelledKeyException e) {
                    // By another thread, just now.
                }
            }
        });
    }

    private ArrayDeque<UdpKey> takeHolding() {
        synchronized (queues) {
            var taken = holding;
            holding = spare;
            spare = taken;
            taken.forEach(key -> key.holding = false);
            return taken;
        }
    }

    /**
     * Keys of channels that have read ahead are readable, whatever epoll says. One that nobody is interested in is
     * looked at again when the interest changes.
     */
    private void lookAtHolding() {
        var taken = takeHolding();
        for (var key = taken.poll(); key != null; key = taken.poll()) {
            var ops = key.interest() & SelectionKey.OP_READ;
            if (ops != 0 && key.isValid() && key.channel.holds()) {
                update(key, ops);
                key.holds();
            }
        }
    }

    private void flushDeferred() {
        while (true) {
            UdpKey key;
            synchronized (queues) {
                key = deferring.poll();
            }
            if (key == null) {
                return;
            }
            key.deferring = false;
            key.channel.flush();
        }
    }

    private void applyChanges() throws IOException {
        if (inner != null && !innerWatched) {
            poller.add(innerDescriptor, Readiness.READABLE, inner);
            innerWatched = true;
        }
        while (true) {
            UdpKey key;
            synchronized (queues) {
                key = changed.poll();
                if (key == null) {
                    return;
                }
                key.changed = false;
            }
            if (key.isValid()) {
                watch(key, key.wanted());
                key.holds();
            }
        }
    }

    private void watch(UdpKey key, int wanted) throws SyscallException {
        if (wanted == key.watched) {
            return;
        }
        if (wanted == 0) {
            poller.remove(key.descriptor, key.token);
        } else if (key.watched == 0) {
            key.token = poller.add(key.descriptor, wanted, key);
        } else {
            poller.modify(key.descriptor, wanted, key.token);
        }
        key.watched = wanted;
    }

    private void takeOutCancelled() throws IOException {
        var cancelled = cancelledKeys();
        ArrayList<SelectionKey> taken;
        synchronized (cancelled) {
            if (cancelled.isEmpty()) {
                return;
            }
            taken = new ArrayList<>(cancelled);
            cancelled.clear();
        }
        taken.forEach(this::takeOut);
        var innerSelector = inner;
        if (innerSelector != null) {
            // Takes out the inner keys, and closes the channels that are closed and registered nowhere else.
            innerSelector.selectNow(ready -> {});
        }
    }

    private void takeOut(SelectionKey key) {
        keys.remove(key);
        selected.remove(key);
        if (key instanceof UdpKey udp) {
            try {
                watch(udp, 0);
            } catch (SyscallException e) {
                // Whoever closed the descriptor by its number has taken it out already.
            }
            udp.channel.unwatch(udp);
            deregister(udp);
            udp.channel.deregistered();
        } else if (key instanceof JdkKey jdk) {
            deregister(jdk);
        }
    }

    @Override
    public Selector wakeup() {
        synchronized (queues) {
            if (!woken) {
                woken = true;
                wake.signal();
            }
        }
        return this;
    }

    @Override
    protected void implCloseSelector() throws IOException {
        wakeup();
        synchronized (this) {
            synchronized (selected) {
                polling.lock();
                try {
                    flushDeferred();
                    keys.forEach(SelectionKey::cancel);
                    takeOutCancelled();
                    var innerSelector = inner;
                    if (innerSelector != null) {
                        innerSelector.close();
                    }
                    if (virtualWait != null) {
                        virtualWait.close();
                    }
                    poller.close();
                    wake.close();
                } finally {
                    polling.unlock();
                }
            }
        }
    }
}
