package dev.salvo.reactor;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.Loop;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.clock.Call;
import dev.salvo.socket.poll.Readiness;
import java.io.IOException;
import java.util.function.LongSupplier;

/** A reactor on a scripted kernel, on the test's own thread. */
public final class FaultyReactor implements AutoCloseable {

    public final ScriptedKernel kernel = new ScriptedKernel();
    public final EpollScript epoll = new EpollScript();
    public final Reactor reactor;

    public FaultyReactor() throws IOException {
        this(System::nanoTime);
    }

    public FaultyReactor(LongSupplier nanoTime) throws IOException {
        reactor = kernel.open(() -> ReactorWith.clock(nanoTime));
        kernel.always(Syscall.EPOLL_CTL, epoll);
    }

    public DatagramTransport listen(DatagramProtocol protocol, PortOptions options) throws IOException {
        return kernel.open(() -> reactor.listenUdp(0, protocol, options));
    }

    /** Makes the next poll report the most recently opened port as writable. */
    public void tellWritable() {
        kernel.next(Syscall.EPOLL_PWAIT2, Answer.ready(epoll.event(Readiness.WRITABLE)));
    }

    /** See {@link Loop#phases}. Ports that are opened meanwhile use the scripted kernel too. */
    public void phases(Call... phases) throws Exception {
        kernel.open(() -> {
            Loop.phases(reactor, phases);
            return 0;
        });
    }

    public void turns(int turns) throws Exception {
        kernel.open(() -> {
            Loop.turns(reactor, turns);
            return 0;
        });
    }

    public int count(Syscall name) {
        return kernel.calls(name).size();
    }

    @Override
    public void close() {
        reactor.close();
    }
}
