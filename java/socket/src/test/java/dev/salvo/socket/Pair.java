package dev.salvo.socket;

import dev.salvo.linux.SyscallException;
import dev.salvo.testing.Loopback;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A sender and a receiver with a batch each, which most tests need. */
public final class Pair implements AutoCloseable {

    public final UdpSocket sender;
    public final UdpSocket receiver;
    public final SendBatch out = SendBatch.open();
    public final ReceiveBatch in = ReceiveBatch.open();
    /** The address of the receiver. */
    public final SockAddr to;

    public Pair(Loopback loopback) throws SyscallException {
        sender = loopback.bound();
        receiver = loopback.bound();
        to = receiver.localAddress();
    }

    /** Adds datagrams to the receiver. */
    public Pair add(String... payloads) {
        Traffic.add(out, to, payloads);
        return this;
    }

    /** Adds a number of datagrams of one length, to the receiver. */
    public Pair add(int count, int length) {
        Collections.nCopies(count, Traffic.bytes(length)).forEach(payload -> Traffic.add(out, payload, to));
        return this;
    }

    public int send() {
        return sender.send(out);
    }

    public List<Datagram> receive(int count) throws SyscallException {
        return Traffic.receive(receiver, in, count);
    }

    @Override
    public void close() {
        Arrays.asList(sender, receiver).forEach(UdpSocket::close);
        out.close();
        in.close();
    }
}
