package dev.salvo.socket;

import dev.salvo.socket.internal.Answer;
import dev.salvo.socket.internal.Incoming;
import dev.salvo.socket.internal.ScriptedKernel;
import dev.salvo.socket.internal.Syscall;
import java.net.StandardProtocolFamily;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A socket and a batch over a kernel that delivers what a test tells it to. */
final class ScriptedReceiver implements AutoCloseable {

    final ScriptedKernel kernel = new ScriptedKernel();
    final UdpSocket socket;
    final ReceiveBatch batch;

    ScriptedReceiver(int slots, int slotSize) throws SyscallException {
        kernel.always(Syscall.RECVMMSG, Answer.error(Errno.EAGAIN));
        socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
        batch = kernel.open(() -> ReceiveBatch.open(slots, slotSize));
    }

    ScriptedReceiver() throws SyscallException {
        this(4, 65_535);
    }

    int receive(Incoming... messages) throws SyscallException {
        kernel.next(Syscall.RECVMMSG, Answer.deliver(messages));
        return socket.receive(batch);
    }

    /** The next datagram, which there must be. */
    Datagram next() {
        return Objects.requireNonNull(batch.next(), "no further datagram");
    }

    /** The datagrams that are left in the batch. */
    List<String> payloads() {
        var payloads = new ArrayList<String>();
        for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
            payloads.add(payload(datagram) + (datagram.truncated() ? "..." : ""));
        }
        return payloads;
    }

    static String payload(Datagram datagram) {
        var bytes = new byte[datagram.length()];
        datagram.copyTo(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** So many bytes, of which each piece begins with its number and goes on with the letter x. */
    static String pieces(int bytes, int size) {
        var text = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            text.append(i % size == 0 ? Integer.toString(i / size).charAt(0) : 'x');
        }
        return text.toString();
    }

    @Override
    public void close() {
        batch.close();
        socket.close();
    }
}
