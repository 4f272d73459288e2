package dev.salvo.cli.send;

import dev.salvo.cli.console.Console;
import dev.salvo.cli.console.DatagramLine;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.Metadata;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.TransmitTimestamp;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sends one datagram, prints the replies, and stops its reactor. */
final class Sender implements DatagramProtocol {

    private final Reactor reactor;
    private final SendWay way;
    private final Console console;
    private final DatagramLine line;
    private final @Nullable Duration wait;
    private final boolean all;
    private final DatagramTransport transport;
    private final RoundTrips roundTrips = new RoundTrips();
    private @Nullable String failure;

    /** Waits for a reply for the given time, or with {@code all} for replies; with null it does not wait. */
    Sender(Reactor reactor, SendWay way, Console console, @Nullable Duration wait, boolean all) throws IOException {
        this.reactor = reactor;
        this.way = way;
        this.console = console;
        this.line = new DatagramLine(console, false, false);
        this.wait = wait;
        this.all = all;
        var options = PortOptions.defaults().withInterface(way.local());
        this.transport = reactor.listenUdp(0, this,
                wait == null ? options : options.withMetadata(Metadata.RECEIVE_TIME));
        way.configure(transport);
    }

    void send(byte[] payload) throws IOException {
        var destination = way.destination();
        if (wait != null && !way.isGroup() && !way.isBroadcast()) {
            connect(destination);
        }
        if (wait == null) {
            transport.write(payload, destination);
            reactor.stop();
        } else {
            transport.write(payload, destination, stamped());
            roundTrips.sentNow();
            transport.flush();
            reactor.callLater(wait, reactor::stop);
        }
    }

    /** The time at which the kernel sends: on its way there, a JVM that has just begun to run spends milliseconds. */
    private SendOptions stamped() {
        var options = new SendOptions();
        try {
            TransmitTimestamp.enable(transport.socket());
            options.transmitTimestamp(0);
        } catch (SyscallException e) {
            // A kernel before Linux 6.13. The time before the flush has to do.
        }
        return options;
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

    /** Throws if the datagram was not sent, or was not answered. Call this after the reactor has run. */
    void requireSuccess() throws IOException {
        if (failure != null) {
            throw new IOException(failure);
        }
        if (transport.statistics().socket().datagramsSent() == 0) {
            throw new IOException("the datagram was not sent: the kernel had no buffer space for it");
        }
        if (wait != null) {
            if (roundTrips.count() == 0) {
                throw new IOException(way.shown() + ": no reply within " + seconds(wait) + " s");
            }
            console.warn(roundTrips.toString());
        }
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1e3).replaceFirst("\\.?0+$", "");
    }

    private String reason(int errno) {
        var hint = errno == Errno.EACCES && !way.broadcast() ? "; to send to a broadcast address, use --broadcast" : "";
        return way.shown() + ": " + Errno.describe(errno) + hint;
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport port) {
        if (!all && roundTrips.count() > 0) {
            // This reply is behind the first one, in the same batch.
            return;
        }
        roundTrips.received(datagram.metadata().receiveTime());
        if (!line.add(datagram) || !console.flush() || !all) {
            reactor.stop();
        }
    }

    @Override
    public void transmitted(TransmitTimestamp timestamp, DatagramTransport port) {
        roundTrips.sent(timestamp.softwareNanos());
    }

    @Override
    public void connectionRefused(SockAddr destination, DatagramTransport port) {
        failure = way.shown() + ": refused: nobody listens there, or it cannot be reached";
        reactor.stop();
    }

    @Override
    public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport port) {
        failure = reason(errno);
        reactor.stop();
    }
}
