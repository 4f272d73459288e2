package dev.salvo.nio.internal.selector;

import java.nio.channels.SelectionKey;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** The selected keys as a program sees them: it may remove keys, and add none. */
final class SelectedKeys extends AbstractSet<SelectionKey> {

    private final Set<SelectionKey> keys = new LinkedHashSet<>();

    /** Adds a key, which the selector alone may do. Returns whether it is new. */
    boolean select(SelectionKey key) {
        return keys.add(key);
    }

    @Override
    public boolean contains(Object key) {
        return keys.contains(key);
    }

    @Override
    public boolean remove(Object key) {
        return keys.remove(key);
    }

    @Override
    public void clear() {
        keys.clear();
    }

    @Override
    public Iterator<SelectionKey> iterator() {
        return keys.iterator();
    }

    @Override
    public int size() {
        return keys.size();
    }
}
