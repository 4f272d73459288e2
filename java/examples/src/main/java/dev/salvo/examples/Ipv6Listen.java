package dev.salvo.examples;

import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import java.io.IOException;

/**
 * Echoes over IPv6. Arguments: the port, and the address to listen on. On {@code ::} it receives from both families,
 * and the address of an IPv4 peer is {@code ::ffff:a.b.c.d}.
 */
final class Ipv6Listen {

    private Ipv6Listen() {}

    static void main(String[] arguments) throws IOException {
        var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9999;
        var address = arguments.length > 1 ? arguments[1] : "::1";
        try (var reactor = Reactor.open()) {
            // @start region = "listen"
            var transport = reactor.listenUdp(port, new Echo(), PortOptions.defaults().withInterface(address));
            // @end
            IO.println("listening on " + transport.localAddress());
            reactor.run();
        }
    }
}
