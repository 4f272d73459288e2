package dev.salvo.cli.readme;

import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;

class GroupListener {
    public static void main(String[] arguments) throws Exception {
        try (Reactor reactor = Reactor.open()) {
            var port = reactor.listenMulticast(
                    9999,
                    (datagram, transport) -> System.out.println(datagram.length() + " bytes of " + datagram.source()),
                    PortOptions.defaults().withListenMultiple(true));
            port.joinGroup("239.1.2.3", "lo");
            reactor.run();
        }
    }
}
