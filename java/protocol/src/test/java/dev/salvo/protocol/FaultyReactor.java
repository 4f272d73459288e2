package dev.salvo.protocol;

import dev.salvo.socket.Readiness;
import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.ScriptedKernel;
import dev.salvo.socket.internal.Syscall;
import java.io.IOException;
import java.net.InetAddress;
import java.util.function.LongSupplier;

/** A reactor over a kernel that follows a script, on the test's own thread. */
final class FaultyReactor implements AutoCloseable {

    final ScriptedKernel kernel = new ScriptedKernel();
    final EpollScript epoll = new EpollScript();
    final Reactor reactor;

    FaultyReactor() throws IOException {
        this(System::nanoTime);
    }

    FaultyReactor(LongSupplier nanoTime) throws IOException {
        reactor = kernel.open(() -> Reactor.open(InetAddress::getAllByName, nanoTime));
        kernel.always(Syscall.EPOLL_CTL, epoll);
    }

    DatagramTransport listen(DatagramProtocol protocol, PortOptions options) throws IOException {
        return kernel.open(() -> reactor.listenUdp(0, protocol, options));
    }

    /** Has the next poll tell that the port that was opened last is writable. */
    void tellWritable() {
        kernel.next(Syscall.EPOLL_PWAIT2, Answer.ready(epoll.event(Readiness.WRITABLE)));
    }

    /** See {@link Loop#phases}. What is opened meanwhile has the scripted kernel too. */
    void phases(Call... phases) throws Exception {
        kernel.open(() -> {
            Loop.phases(reactor, phases);
            return 0;
        });
    }

    void turns(int turns) throws Exception {
        kernel.open(() -> {
            Loop.turns(reactor, turns);
            return 0;
        });
    }

    int count(Syscall name) {
        return kernel.calls(name).size();
    }

    @Override
    public void close() {
        reactor.close();
    }
}
