package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Call;
import dev.salvo.socket.internal.ScriptedKernel;
import dev.salvo.socket.internal.SentDatagram;
import dev.salvo.socket.internal.SentMessage;
import dev.salvo.socket.internal.Syscall;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A socket and a batch over a kernel that takes every message and sends it nowhere, until a test says otherwise. */
final class ScriptedSender implements AutoCloseable {

    static final SockAddr A = SockAddr.of("192.0.2.1", 1001);
    static final SockAddr B = SockAddr.of("192.0.2.2", 1002);
    static final SockAddr C = SockAddr.of("192.0.2.3", 1003);

    final ScriptedKernel kernel;
    final UdpSocket socket;
    final SendBatch batch;

    ScriptedSender() throws SyscallException {
        this(new ScriptedKernel());
    }

    ScriptedSender(ScriptedKernel kernel) throws SyscallException {
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
    void add(@Nullable SockAddr destination, String... payloads) {
        add(batch, destination, payloads);
    }

    static void add(SendBatch batch, @Nullable SockAddr destination, String... payloads) {
        for (var payload : payloads) {
            var bytes = MemorySegment.ofArray(payload.getBytes(StandardCharsets.ISO_8859_1));
            assertTrue(batch.add(bytes, 0, payload.length(), destination), "the batch is full");
        }
    }

    int send() {
        return socket.send(batch);
    }

    /** What arrived, destinations left out. */
    List<String> arrived() {
        return kernel.arrived().stream().map(SentDatagram::payload).toList();
    }

    /** What arrived at a destination. */
    List<String> arrived(@Nullable SockAddr destination) {
        return kernel.arrived().stream()
                .filter(datagram -> datagram.isTo(destination))
                .map(SentDatagram::payload)
                .toList();
    }

    /** How many datagrams each message had that was taken. */
    List<Integer> messageSizes() {
        return kernel.sent().stream().map(message -> message.datagrams().size()).toList();
    }

    /** The calls that send, and that read the error queue, in order. */
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
