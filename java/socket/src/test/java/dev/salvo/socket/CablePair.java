package dev.salvo.socket;

import dev.salvo.socket.internal.ThreeCables;

import java.util.Arrays;
import java.util.List;

/** A sender here and a receiver there, on {@link ThreeCables}; the calling thread ends up here. */
final class CablePair implements AutoCloseable {

    final UdpSocket receiver;
    final UdpSocket sender;
    /** The port of the receiver, which is bound to the wildcard. */
    final int port;

    private final GroupFamily family;
    private final SendBatch out = SendBatch.open();
    private final ReceiveBatch in = ReceiveBatch.open();

    CablePair(ThreeCables cables, GroupFamily family) throws SyscallException {
        this.family = family;
        cables.there.enter();
        receiver = family.bound();
        port = receiver.localAddress().port();
        cables.here.enter();
        sender = UdpSocket.open(family.family);
    }

    void send(SockAddr to, String text) {
        send(sender, to, text);
    }

    void send(UdpSocket by, SockAddr to, String text) {
        Traffic.add(out, to, text);
        by.send(out);
        if (!out.failures().isEmpty()) {
            throw new AssertionError(out.failures().toString());
        }
    }

    /** Sends on each cable what ends {@link #received}, since nothing overtakes it there: {@code end} by unicast. */
    void end() {
        for (var cable : ThreeCables.NAMES) {
            send(SockAddr.of(family.address(cable, 2), port), "end");
        }
    }

    /** Calls {@link #end} and returns what came to a group, sorted. */
    List<String> received(int count) throws SyscallException {
        end();
        return Traffic.texts(Traffic.receive(receiver, in, count + ThreeCables.NAMES.size())).stream()
                .filter(text -> !text.equals("end"))
                .sorted()
                .toList();
    }

    ReceiveBatch in() {
        return in;
    }

    @Override
    public void close() {
        Arrays.asList(sender, receiver).forEach(UdpSocket::close);
        out.close();
        in.close();
    }
}
