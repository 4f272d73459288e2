package dev.salvo.cli.send;

import dev.salvo.cli.console.DatagramLine;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends one datagram, prints the replies, and stops its reactor. */
final class Sender implements DatagramProtocol {

    private final Reactor reactor;
    private final SendWay way;
    private final DatagramLine line;
    private final DatagramTransport transport;
    private @Nullable String failure;

    Sender(Reactor reactor, SendWay way, DatagramLine line) throws IOException {
        this.reactor = reactor;
        this.way = way;
        this.line = line;
        this.transport = reactor.listenUdp(0, this, PortOptions.defaults().withInterface(way.local()));
        way.configure(transport);
    }

    /** Sends the payload and waits for replies for the given time. With null it does not wait. */
    void send(byte[] payload, @Nullable Duration wait) throws IOException {
        var destination = way.destination();
        if (wait != null && !way.isGroup() && !way.broadcast()) {
            connect(destination);
        }
        transport.write(payload, destination);
        if (wait == null) {
            reactor.stop();
        } else {
            reactor.callLater(wait, reactor::stop);
        }
    }

    /**
     * Connects the port, because only a connected port gets ICMP errors. A port that sends to a group or a broadcast
     * address is not connected: its replies come from other addresses.
     */
    private void connect(SockAddr destination) throws IOException {
        try {
            transport.connect(destination);
        } catch (SyscallException e) {
            throw new IOException(reason(e.errno()), e);
        }
    }

    /** Throws if the datagram was not sent. Call this after the reactor has run. */
    void requireSent() throws IOException {
        if (failure != null) {
            throw new IOException(failure);
        }
        if (transport.statistics().socket().datagramsSent() == 0) {
            throw new IOException("the datagram was not sent: the kernel had no buffer space for it");
        }
    }

    private String reason(int errno) {
        var hint = errno == Errno.EACCES && !way.broadcast() ? "; to send to a broadcast address, use --broadcast" : "";
        return way.written() + ": " + Errno.describe(errno) + hint;
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport port) {
        if (!line.print(datagram)) {
            reactor.stop();
        }
    }

    @Override
    public void connectionRefused(SockAddr destination, DatagramTransport port) {
        failure = way.written() + ": refused: nobody listens there, or it cannot be reached";
        reactor.stop();
    }

    @Override
    public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport port) {
        failure = reason(errno);
        reactor.stop();
    }
}
