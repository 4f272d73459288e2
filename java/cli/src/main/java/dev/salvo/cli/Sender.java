package dev.salvo.cli;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.Errno;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends one datagram, prints what comes back, and stops its reactor. */
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

    /** What comes back is waited for so long; not at all for null. */
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

    /** A connected port hears of ICMP errors; one whose answers come from others can't be connected. */
    private void connect(SockAddr destination) throws IOException {
        try {
            transport.connect(destination);
        } catch (SyscallException e) {
            throw new IOException(reason(e.errno()), e);
        }
    }

    /** After the reactor has run. */
    void requireSent() throws IOException {
        if (failure != null) {
            throw new IOException(failure);
        }
        if (transport.statistics().socket().datagramsSent() == 0) {
            throw new IOException("not sent: the kernel had no room for it");
        }
    }

    private String reason(int errno) {
        var hint = errno == Errno.EACCES && !way.broadcast() ? "; a broadcast address needs --broadcast" : "";
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
        failure = way.written() + ": refused: nobody listens there, or it can't be reached";
        reactor.stop();
    }

    @Override
    public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport port) {
        failure = reason(errno);
        reactor.stop();
    }
}
