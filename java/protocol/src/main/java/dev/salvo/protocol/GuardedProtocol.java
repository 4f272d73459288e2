package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import dev.salvo.socket.TransmitTimestamp;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A port's protocol, from which no exception comes: it is logged and counted, and the loop goes on. */
final class GuardedProtocol {

    private final DatagramProtocol protocol;
    private final @Nullable BatchProtocol batchProtocol;
    /** Asked for once, since it may throw. */
    private final String name;
    private final DatagramTransport transport;
    private final Reactor reactor;
    private long failures;

    GuardedProtocol(DatagramProtocol protocol, DatagramTransport transport, Reactor reactor) {
        this.protocol = protocol;
        this.batchProtocol = protocol instanceof BatchProtocol batches ? batches : null;
        this.name = protocol.logPrefix();
        this.transport = transport;
        this.reactor = reactor;
    }

    /** The exception to the rule. */
    void startProtocol() throws Exception {
        protocol.startProtocol(transport);
    }

    void datagramReceived(Datagram datagram) {
        try {
            protocol.datagramReceived(datagram, transport);
        } catch (Throwable t) {
            failed("datagramReceived", t);
        }
    }

    boolean takesBatches() {
        return batchProtocol != null;
    }

    void batchReceived(DatagramBatch batch) {
        try {
            Objects.requireNonNull(batchProtocol).batchReceived(batch, transport);
        } catch (Throwable t) {
            failed("batchReceived", t);
        }
    }

    void connectionRefused(SockAddr destination) {
        try {
            protocol.connectionRefused(destination, transport);
        } catch (Throwable t) {
            failed("connectionRefused", t);
        }
    }

    void errorReceived(SocketError error) {
        try {
            protocol.errorReceived(error, transport);
        } catch (Throwable t) {
            failed("errorReceived", t);
        }
    }

    void transmitted(TransmitTimestamp timestamp) {
        try {
            protocol.transmitted(timestamp, transport);
        } catch (Throwable t) {
            failed("transmitted", t);
        }
    }

    void writeFailed(SockAddr destination, int length, int errno) {
        try {
            protocol.writeFailed(destination, length, errno, transport);
        } catch (Throwable t) {
            failed("writeFailed", t);
        }
    }

    void writable() {
        try {
            protocol.writable(transport);
        } catch (Throwable t) {
            failed("writable", t);
        }
    }

    void stopProtocol() {
        try {
            protocol.stopProtocol();
        } catch (Throwable t) {
            failed("stopProtocol", t);
        }
    }

    private void failed(String callback, Throwable t) {
        failures++;
        reactor.log(callback + " of " + this + " (UDP)", t);
    }

    long failures() {
        return failures;
    }

    @Override
    public String toString() {
        return name;
    }
}
