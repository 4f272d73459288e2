package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import java.util.Arrays;
import java.util.Objects;

/** A receiver on the wildcard that reports metadata, and a plain sender of one family. */
final class AskedPair implements AutoCloseable {

    final UdpSocket receiver;
    final UdpSocket sender;
    final SendBatch out = SendBatch.open();
    final ReceiveBatch in = ReceiveBatch.open(8);
    /** The receiver's address, as the sender uses it. */
    final SockAddr to;

    private final Over over;

    AskedPair(Over over, Metadata... asked) throws SyscallException {
        this.over = over;
        receiver = UdpSocket.open(over.family);
        receiver.bind(SockAddr.of(over == Over.IPV4 ? "0.0.0.0" : "::", 0));
        for (var metadata : asked) {
            metadata.enable(receiver);
        }
        sender = over.loopback.bound();
        to = over.loopback.address(receiver.localAddress().port());
    }

    void sendsTrafficClass(int value) throws SyscallException {
        sender.set(over == Over.IPV6 ? Ipv6Options.TCLASS : IpOptions.TOS, value);
    }

    void sendsHopLimit(int value) throws SyscallException {
        sender.set(over == Over.IPV6 ? Ipv6Options.UNICAST_HOPS : IpOptions.TTL, value);
    }

    AskedPair send(String... payloads) {
        Traffic.add(out, to, payloads);
        assertEquals(payloads.length, sender.send(out));
        return this;
    }

    /** Returns the next datagram, which must have arrived. */
    Datagram next() throws SyscallException {
        var datagram = in.next();
        if (datagram == null) {
            assertTrue(receiver.awaitReadable(null));
            receiver.receive(in);
            datagram = in.next();
        }
        return Objects.requireNonNull(datagram);
    }

    DatagramMetadata metadata() throws SyscallException {
        return send("asked").next().metadata();
    }

    @Override
    public void close() {
        Arrays.asList(sender, receiver).forEach(UdpSocket::close);
        out.close();
        in.close();
    }
}
