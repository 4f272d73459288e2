package dev.salvo.nio.internal.selector;

import java.nio.channels.SelectionKey;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The selected keys as a program sees them: it may remove keys, and add none. Each key knows its place, so that nothing
 * is allocated for a key that is selected again and again.
 */
final class SelectedKeys extends AbstractSet<SelectionKey> {

    private final List<SelectorKey> keys = new ArrayList<>();

    /** Adds a key, which the selector alone may do. Returns whether it is new. */
    boolean select(SelectorKey key) {
        if (contains(key)) {
            return false;
        }
        key.place = keys.size();
        return keys.add(key);
    }

    @Override
    public boolean contains(@Nullable Object key) {
        // The place of a key that was removed, or is another selector's, has another key or none.
        return key instanceof SelectorKey known && known.place < keys.size() && keys.get(known.place) == known;
    }

    @Override
    public boolean remove(@Nullable Object key) {
        if (!contains(key) || !(key instanceof SelectorKey known)) {
            return false;
        }
        var last = keys.removeLast();
        if (last != known) {
            keys.set(known.place, last);
            last.place = known.place;
        }
        return true;
    }

    @Override
    public void clear() {
        keys.clear();
    }

    @Override
    public int size() {
        return keys.size();
    }

    @Override
    public Iterator<SelectionKey> iterator() {
        return new Iterator<>() {

            private int at;
            private boolean removable;

            @Override
            public boolean hasNext() {
                return at < keys.size();
            }

            @Override
            public SelectionKey next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                removable = true;
                return keys.get(at++);
            }

            @Override
            public void remove() {
                if (!removable) {
                    throw new IllegalStateException("call next() first");
                }
                removable = false;
                // The last key takes its place, and is the next one.
                at--;
                SelectedKeys.this.remove(keys.get(at));
            }
        };
    }
}
