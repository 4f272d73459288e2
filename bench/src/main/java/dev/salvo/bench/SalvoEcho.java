package dev.salvo.bench;

import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.Reactor;
import dev.salvo.socket.option.SocketOptions;

/** Salvo as its README has it: one line of protocol, nothing tuned. */
final class SalvoEcho {

    private SalvoEcho() {}

    public static void main(String[] args) throws Exception {
        var bind = Bind.parse(args);
        try (var reactor = Reactor.open()) {
            var port = reactor.listenUdp(
                    bind.port(),
                    (datagram, transport) -> transport.write(datagram, datagram.source()),
                    PortOptions.defaults().withInterface(bind.host()));
            port.socket().set(SocketOptions.RCVBUF, Bind.RECEIVE_BUFFER);
            bind.announce(port.localAddress().port());
            reactor.run();
        }
    }
}
