package dev.salvo.nio.internal.selector;

import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** The key of another channel, which is registered with a selector of the JDK as well. */
final class JdkKey extends SelectorKey {

    private final HybridSelector selector;
    /** The key of the JDK's selector, whose attachment is this key. */
    final SelectionKey inner;

    JdkKey(HybridSelector selector, SelectionKey inner) {
        this.selector = selector;
        this.inner = inner;
    }

    @Override
    public SelectableChannel channel() {
        return inner.channel();
    }

    /**
     * Cancels the inner key as well once this one is: cancel, which can't be overridden, asks for the selector as soon
     * as the key is invalid. A channel becomes blocking again only if all of its keys are cancelled.
     */
    @Override
    public Selector selector() {
        if (!isValid() && inner.isValid()) {
            inner.cancel();
        }
        return selector;
    }

    @Override
    void begin(int ops) {
        inner.interestOps(ops);
    }

    @Override
    public int interestOps() {
        requireValid();
        return inner.interestOps();
    }

    @Override
    public SelectionKey interestOps(int ops) {
        requireValid();
        inner.interestOps(ops);
        return this;
    }

    @Override
    public int interestOpsOr(int ops) {
        requireValid();
        return inner.interestOpsOr(ops);
    }

    @Override
    public int interestOpsAnd(int ops) {
        requireValid();
        return inner.interestOpsAnd(ops);
    }
}
