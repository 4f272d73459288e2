package dev.salvo.cli.readme;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.handover.SystemdSockets;

class AdoptedEcho {
    public static void main(String[] arguments) throws Exception {
        try (Reactor reactor = Reactor.open()) {
            for (int descriptor : SystemdSockets.fromEnvironment().descriptors()) {
                reactor.adoptDatagramPort(
                        descriptor, (datagram, transport) -> transport.write(datagram, datagram.source()));
            }
            reactor.run();
        }
    }
}
