package dev.salvo.cli.readme;

import dev.salvo.reactor.Reactor;

class ReactorEcho {
    public static void main(String[] arguments) throws Exception {
        try (Reactor reactor = Reactor.open()) {
            reactor.listenUdp(9999, (datagram, transport) -> transport.write(datagram, datagram.source()));
            reactor.stopOnExit();
            reactor.run();
        }
    }
}
