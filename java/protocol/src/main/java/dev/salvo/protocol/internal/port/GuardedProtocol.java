package dev.salvo.protocol.internal.port;

import dev.salvo.linux.Errno;
import dev.salvo.protocol.BatchProtocol;
import dev.salvo.protocol.DatagramBatch;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.clock.Call;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SocketError;
import dev.salvo.socket.TransmitTimestamp;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls a port's protocol. Its exceptions are logged and counted, so that the loop goes on. */
public final class GuardedProtocol {

    private final DatagramProtocol protocol;
    private final @Nullable BatchProtocol batchProtocol;
    /** Read only once, since logPrefix may throw. */
    private final String name;
    private final DatagramTransport transport;
    private final PortHost host;
    private @Nullable Boolean handlesWriteFailed;
    private long failures;

    GuardedProtocol(DatagramProtocol protocol, DatagramTransport transport, PortHost host) {
        this.protocol = protocol;
        this.batchProtocol = protocol instanceof BatchProtocol batches ? batches : null;
        this.name = protocol.logPrefix();
        this.transport = transport;
        this.host = host;
    }

    /** Unlike the other callbacks, this one may throw: the port is then closed. */
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
        guard("connectionRefused", () -> protocol.connectionRefused(destination, transport));
    }

    void errorReceived(SocketError error) {
        guard("errorReceived", () -> protocol.errorReceived(error, transport));
    }

    void transmitted(TransmitTimestamp timestamp) {
        guard("transmitted", () -> protocol.transmitted(timestamp, transport));
    }

    void writeFailed(SockAddr destination, int length, int errno) {
        if (!handlesWriteFailed()) {
            host.warn(() -> this + " on " + transport.localAddress() + ": sendmmsg of " + length + " bytes to "
                    + destination + ": " + Errno.describe(errno));
        }
        guard("writeFailed", () -> protocol.writeFailed(destination, length, errno, transport));
    }

    void writable() {
        guard("writable", () -> protocol.writable(transport));
    }

    void stopProtocol() {
        guard("stopProtocol", () -> protocol.stopProtocol(transport));
    }

    /** Whether the protocol overrides writeFailed. A lambda can't. Looked up at the first failure. */
    private boolean handlesWriteFailed() {
        var known = handlesWriteFailed;
        if (known == null) {
            try {
                known = protocol.getClass()
                        .getMethod("writeFailed", SockAddr.class, int.class, int.class, DatagramTransport.class)
                        .getDeclaringClass() != DatagramProtocol.class;
            } catch (ReflectiveOperationException | LinkageError e) {
                known = true;
            }
            handlesWriteFailed = known;
        }
        return known;
    }

    private void guard(String callback, Call call) {
        try {
            call.run();
        } catch (Throwable t) {
            failed(callback, t);
        }
    }

    private void failed(String callback, Throwable t) {
        failures++;
        host.log(callback + " of " + this + " (UDP) on " + transport.localAddress(), t);
    }

    public long failures() {
        return failures;
    }

    @Override
    public String toString() {
        return name;
    }
}
