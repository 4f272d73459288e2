package dev.salvo.testing;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.GroupFamily;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.Traffic;
import dev.salvo.socket.UdpSocket;
import java.util.Arrays;
import java.util.List;

/**
 * A sender in one namespace and a receiver in the other, on {@link ThreeCables}. The calling thread ends in the
 * sender's namespace.
 */
public final class CablePair implements AutoCloseable {

    public final UdpSocket receiver;
    public final UdpSocket sender;
    /** The port of the receiver, which is bound to the wildcard. */
    public final int port;

    private final GroupFamily family;
    private final SendBatch out = SendBatch.open();
    private final ReceiveBatch in = ReceiveBatch.open();

    public CablePair(ThreeCables cables, GroupFamily family) throws SyscallException {
        this.family = family;
        cables.there.enter();
        receiver = family.bound();
        port = receiver.localAddress().port();
        cables.here.enter();
        sender = UdpSocket.open(family.family);
    }

    public void send(SockAddr to, String text) {
        send(sender, to, text);
    }

    public void send(UdpSocket by, SockAddr to, String text) {
        Traffic.add(out, to, text);
        by.send(out);
        if (!out.failures().isEmpty()) {
            throw new AssertionError(out.failures().toString());
        }
    }

    /**
     * Sends on each cable the datagram that ends {@link #received}, since no datagram overtakes it there: {@code end}
     * by unicast.
     */
    void end() {
        for (var cable : ThreeCables.NAMES) {
            send(SockAddr.of(family.address(cable, 2), port), "end");
        }
    }

    /** Calls {@link #end} and returns the datagrams that came to a group, sorted. */
    public List<String> received(int count) throws SyscallException {
        end();
        return Traffic.texts(Traffic.receive(receiver, in, count + ThreeCables.NAMES.size())).stream()
                .filter(text -> !text.equals("end"))
                .sorted()
                .toList();
    }

    public ReceiveBatch in() {
        return in;
    }

    @Override
    public void close() {
        Arrays.asList(sender, receiver).forEach(UdpSocket::close);
        out.close();
        in.close();
    }
}
