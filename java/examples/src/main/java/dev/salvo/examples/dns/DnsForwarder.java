package dev.salvo.examples.dns;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.Rcode;

/**
 * Forwards DNS queries to an upstream server, and the server's answers to the client. It uses UDP only: a client that
 * receives a truncated answer (TC) has to ask the upstream server over TCP. Arguments: the port to listen on, on
 * 127.0.0.1; the server's address and port.
 *
 * <p>
 * A client can direct answers to a third party by spoofing its source address, so this serves only the local host. It
 * sends one answer for a query, to the query's source, and never one that is longer than the query allows.
 */
final class DnsForwarder implements DatagramProtocol {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** The number of ports to ask from. A forged answer has to guess the port as well as the id (RFC 5452, 9.2). */
    private static final int UPSTREAMS = 16;

    private final List<DnsUpstream> upstreams;
    private final SecureRandom random = new SecureRandom();

    DnsForwarder(List<DnsUpstream> upstreams) {
        this.upstreams = List.copyOf(upstreams);
    }

    // @start region = "received"
    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) throws IOException {
        var query = DnsQuery.read(datagram);
        if (query == null) {
            return;
        }
        var objection = query.objection();
        if (objection != Rcode.NOERROR) {
            transport.write(query.error(objection), query.client());
        } else {
            upstreams.get(random.nextInt(upstreams.size())).ask(query, transport);
        }
    }
    // @end

    /** Opens the ports to the server and the port for the clients, which is returned. */
    static DatagramTransport listen(Reactor reactor, int port, SockAddr server, Duration patience) throws IOException {
        var family = PortOptions.defaults().withInterface(server.isIpv6() ? "::" : "0.0.0.0");
        var upstreams = new ArrayList<DnsUpstream>();
        for (int i = 0; i < UPSTREAMS; i++) {
            var upstream = new DnsUpstream(reactor, server, patience);
            reactor.listenUdp(0, upstream, family);
            upstreams.add(upstream);
        }
        var options = PortOptions.defaults().withInterface("127.0.0.1");
        return reactor.listenUdp(port, new DnsForwarder(upstreams), options);
    }

    static void main(String[] arguments) throws IOException {
        var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5300;
        var server = arguments.length > 1 ? arguments[1] : "127.0.0.53";
        var serverPort = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 53;
        try (var reactor = Reactor.open()) {
            var transport = listen(reactor, port, SockAddr.of(server, serverPort), PATIENCE);
            IO.println("listening on " + transport.localAddress());
            reactor.run();
        }
    }
}
