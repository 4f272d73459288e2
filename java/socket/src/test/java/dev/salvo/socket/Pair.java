package dev.salvo.socket;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A socket that sends and one that receives, with a batch each: what most tests need. */
final class Pair implements AutoCloseable {

    final UdpSocket sender;
    final UdpSocket receiver;
    final SendBatch out = SendBatch.open();
    final ReceiveBatch in = ReceiveBatch.open();
    /** The address of the receiver. */
    final SockAddr to;

    Pair(Loopback loopback) throws SyscallException {
        sender = loopback.bound();
        receiver = loopback.bound();
        to = receiver.localAddress();
    }

    /** Adds datagrams to the receiver. */
    Pair add(String... payloads) {
        Traffic.add(out, to, payloads);
        return this;
    }

    /** Adds so many datagrams of so many bytes to the receiver. */
    Pair add(int count, int length) {
        Collections.nCopies(count, Traffic.bytes(length)).forEach(payload -> Traffic.add(out, payload, to));
        return this;
    }

    int send() {
        return sender.send(out);
    }

    List<Datagram> receive(int count) throws SyscallException {
        return Traffic.receive(receiver, in, count);
    }

    @Override
    public void close() {
        Arrays.asList(sender, receiver).forEach(UdpSocket::close);
        out.close();
        in.close();
    }
}
