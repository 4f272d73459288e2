package dev.salvo.cli.service;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;

/**
 * The protocol of a command's ports. A port that ends by itself, since its socket can't be used, makes the command
 * fail, and the last one ends it. The reactor has logged why.
 */
public final class ServedPorts implements DatagramProtocol {

    private final String name;
    private final Reactor reactor;
    private final DatagramProtocol handler;
    private int open;
    private boolean failed;

    /** @param handler takes the datagrams */
    public ServedPorts(String name, Reactor reactor, DatagramProtocol handler) {
        this.name = name;
        this.reactor = reactor;
        this.handler = handler;
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) throws Exception {
        handler.datagramReceived(datagram, transport);
    }

    /** The totals have it. A peer can cause any number, by its port 0. */
    @Override
    public void writeFailed(SockAddr destination, int length, int errno, DatagramTransport transport) {}

    @Override
    public void startProtocol(DatagramTransport transport) {
        open++;
    }

    @Override
    public void stopProtocol(DatagramTransport transport) {
        // Is called only while the loop goes on. A port that the loop stops at its end has not failed.
        reactor.callFromThread(() -> {
            failed = true;
            open--;
            if (open == 0) {
                reactor.stop();
            }
        });
    }

    /** The exit code of the command. */
    public int exitCode() {
        return failed ? 1 : 0;
    }

    @Override
    public String logPrefix() {
        return name;
    }
}
