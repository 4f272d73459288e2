package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.SendFailure;

/** A port's protocol, from which no exception comes: it is logged and counted, and the loop goes on. */
final class GuardedProtocol {

    private final DatagramProtocol protocol;
    private final DatagramTransport transport;
    private final Reactor reactor;
    private long failures;

    GuardedProtocol(DatagramProtocol protocol, DatagramTransport transport, Reactor reactor) {
        this.protocol = protocol;
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

    void writeFailed(SendFailure failure) {
        var destination = failure.destination();
        if (destination != null) {
            try {
                protocol.writeFailed(destination, failure.length(), failure.errno(), transport);
            } catch (Throwable t) {
                failed("writeFailed", t);
            }
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
        reactor.log(callback + " of " + protocol.getClass().getName(), t);
    }

    long failures() {
        return failures;
    }

    @Override
    public String toString() {
        return protocol.getClass().getSimpleName();
    }
}
