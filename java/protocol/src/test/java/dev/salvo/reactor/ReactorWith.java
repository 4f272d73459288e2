package dev.salvo.reactor;

import dev.salvo.protocol.internal.loop.EventLoop;
import dev.salvo.protocol.internal.loop.ThreadedResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.util.function.LongSupplier;

/** Opens reactors with a lookup or a clock that the test provides. */
final class ReactorWith {

    private ReactorWith() {}

    static Reactor lookup(ThreadedResolver.Lookup lookup) throws IOException {
        return lookup(lookup, System::nanoTime);
    }

    static Reactor lookup(ThreadedResolver.Lookup lookup, LongSupplier nanoTime) throws IOException {
        return new Reactor(EventLoop.open(lookup, nanoTime));
    }

    static Reactor clock(LongSupplier nanoTime) throws IOException {
        return new Reactor(EventLoop.open(InetAddress::getAllByName, nanoTime));
    }
}
