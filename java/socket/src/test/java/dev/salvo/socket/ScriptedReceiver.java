package dev.salvo.socket;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A socket and a batch over a kernel that delivers the messages of the test. */
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

    /** Returns the next datagram, which must exist. */
    Datagram next() {
        return Objects.requireNonNull(batch.next(), "no further datagram");
    }

    /** The datagrams that are left in the batch. */
    List<String> payloads() {
        var payloads = new ArrayList<String>();
        for (var datagram = batch.next(); datagram != null; datagram = batch.next()) {
            payloads.add(Traffic.text(datagram) + (datagram.truncated() ? "..." : ""));
        }
        return payloads;
    }

    /** Returns this number of bytes, in pieces that begin with their number and continue with the letter x. */
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
