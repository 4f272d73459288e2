package dev.salvo.socket;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.SentDatagram;
import dev.salvo.kernel.SentMessage;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.send.Outbox;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A socket and a batch over a kernel that takes every message and sends it nowhere, unless the test scripts another
 * answer.
 */
public final class ScriptedSender implements AutoCloseable {

    public static final SockAddr A = SockAddr.of("192.0.2.1", 1001);
    public static final SockAddr B = SockAddr.of("192.0.2.2", 1002);
    static final SockAddr C = SockAddr.of("192.0.2.3", 1003);

    public final ScriptedKernel kernel;
    public final UdpSocket socket;
    public final SendBatch batch;

    public ScriptedSender() throws SyscallException {
        this(new ScriptedKernel());
    }

    public ScriptedSender(ScriptedKernel kernel) throws SyscallException {
        this.kernel = kernel;
        kernel.always(Syscall.SENDMMSG, Answer.accept());
        socket = openSocket();
        batch = kernel.open(() -> SendBatch.open());
        kernel.forget();
    }

    UdpSocket openSocket() throws SyscallException {
        return kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
    }

    /** Adds datagrams, whose payloads are given as ISO 8859-1 text. */
    public void add(@Nullable SockAddr destination, String... payloads) {
        Traffic.add(batch, destination, payloads);
    }

    public int send() {
        return socket.send(batch);
    }

    /** The contents of the batch. */
    public Outbox outbox() {
        return batch.outbox();
    }

    /** The payloads that arrived, without their destinations. */
    List<String> arrived() {
        return kernel.arrived().stream().map(SentDatagram::payload).toList();
    }

    /** The payloads that arrived at a destination. */
    List<String> arrived(@Nullable SockAddr destination) {
        return kernel.arrived().stream()
                .filter(datagram -> datagram.isTo(destination))
                .map(SentDatagram::payload)
                .toList();
    }

    /** The number of datagrams in each message that the kernel took. */
    public List<Integer> messageSizes() {
        return kernel.sent().stream().map(message -> message.datagrams().size()).toList();
    }

    /** The calls that send or read the error queue, in order. */
    List<Syscall> sendsAndDrains() {
        return kernel.calls().stream()
                .map(Call::name)
                .filter(name -> name == Syscall.SENDMMSG || name == Syscall.RECVMSG)
                .toList();
    }

    /** A rule for {@link Answer#accept(java.util.function.ToIntFunction)}: joined messages to {@code A} are refused. */
    static int refuseJoinedToA(SentMessage message, int errno) {
        return message.joined() && message.isTo(A) ? errno : 0;
    }

    @Override
    public void close() {
        batch.close();
        socket.close();
    }
}
