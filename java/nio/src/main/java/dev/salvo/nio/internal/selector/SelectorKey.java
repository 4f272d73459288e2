package dev.salvo.nio.internal.selector;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.spi.AbstractSelectionKey;

/** A key of a {@link HybridSelector}, whose ready set the selector alone changes. */
abstract class SelectorKey extends AbstractSelectionKey {

    private volatile int ready;
    /** Where {@link SelectedKeys} has this key, if it has it. */
    int place;

    final void requireValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    @Override
    public final int readyOps() {
        requireValid();
        return ready;
    }

    final int ready() {
        return ready;
    }

    final void ready(int ops) {
        ready = ops;
    }

    /** Sets the first interest, before anybody else knows the key. */
    abstract void begin(int ops);
}
