package dev.salvo.nio.internal.selector;

import dev.salvo.nio.internal.channel.UdpChannel;
import dev.salvo.nio.internal.endpoint.Watcher;
import dev.salvo.socket.poll.Readiness;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** The key of a UDP channel. */
final class UdpKey extends SelectorKey implements Watcher {

    private final HybridSelector selector;
    final UdpChannel channel;
    /** The descriptor, which the channel keeps open as long as it is registered. */
    final int descriptor;
    private volatile int interest;
    /** What epoll watches for, and the token of that; the selector's alone. */
    int watched;
    long token;
    /** Whether the selector will look here by itself: of its queues, with the queues' lock. */
    boolean changed;
    volatile boolean holding;
    volatile boolean deferring;

    UdpKey(HybridSelector selector, UdpChannel channel, int descriptor) {
        this.selector = selector;
        this.channel = channel;
        this.descriptor = descriptor;
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public Selector selector() {
        return selector;
    }

    @Override
    void begin(int ops) {
        interest = ops;
        selector.changed(this);
    }

    @Override
    public int interestOps() {
        requireValid();
        return interest;
    }

    @Override
    public synchronized SelectionKey interestOps(int ops) {
        requireValid();
        if ((ops & ~channel.validOps()) != 0) {
            throw new IllegalArgumentException("not operations of a datagram channel: " + ops);
        }
        if (ops != interest) {
            interest = ops;
            selector.changed(this);
        }
        return this;
    }

    @Override
    public synchronized int interestOpsOr(int ops) {
        var before = interestOps();
        interestOps(before | ops);
        return before;
    }

    @Override
    public synchronized int interestOpsAnd(int ops) {
        var before = interestOps();
        interestOps(before & ops);
        return before;
    }

    int interest() {
        return interest;
    }

    /** What epoll is to watch for. Without any interest not even errors are reported. */
    int wanted() {
        return ((interest & OP_READ) != 0 ? Readiness.READABLE : 0)
                | ((interest & OP_WRITE) != 0 ? Readiness.WRITABLE : 0);
    }

    /** The operations that epoll reports. An error is for whichever operation comes next. */
    int operations(int readiness) {
        if ((readiness & (Readiness.ERROR | Readiness.HANGUP)) != 0) {
            return interest;
        }
        return interest & (((readiness & Readiness.READABLE) != 0 ? OP_READ : 0)
                | ((readiness & Readiness.WRITABLE) != 0 ? OP_WRITE : 0));
    }

    @Override
    public void holds() {
        if (!holding) {
            holding = true;
            selector.holds(this);
        }
    }

    @Override
    public void defers() {
        if (!deferring) {
            deferring = true;
            selector.defers(this);
        }
    }

    @Override
    public String toString() {
        return "key of a datagram channel"
                + (isValid() ? ", interest " + interest + ", ready " + ready() : ", cancelled");
    }
}
