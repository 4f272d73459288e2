package dev.salvo.examples;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.clock.Clock;
import dev.salvo.protocol.clock.DelayedCall;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An echo that keeps a session for each peer until the peer has been silent for some time. Arguments: the port, the
 * milliseconds of silence that end a session, and the address to listen on.
 */
final class SessionServer implements DatagramProtocol {

    /** The number of sessions is limited, because a peer can use many addresses and so fill the memory. */
    static final int MOST_SESSIONS = 10_000;

    private static final class Session {
        private final DelayedCall expiry;
        private long datagrams;

        Session(DelayedCall expiry) {
            this.expiry = expiry;
        }
    }

    private final Clock clock;
    private final Duration patience;
    private final Consumer<String> log;
    private final Map<SockAddr, Session> sessions = new HashMap<>();

    SessionServer(Clock clock, Duration patience, Consumer<String> log) {
        this.clock = clock;
        this.patience = patience;
        this.log = log;
    }

    // @start region = "sessions"
    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport transport) {
        // The source is a view that the next datagram overwrites. It can look up the session of an equal address
        // without an allocation. Only a new session needs a copy, which stays valid.
        var session = sessions.get(datagram.source());
        if (session != null) {
            session.expiry.reset(patience);
        } else if (sessions.size() < MOST_SESSIONS) {
            session = begin(datagram.source().copy());
        } else {
            return;
        }
        session.datagrams++;
        transport.write(datagram, datagram.source());
    }

    private Session begin(SockAddr peer) {
        var session = new Session(clock.callLater(patience, () -> end(peer)));
        sessions.put(peer, session);
        log.accept("new: " + peer);
        return session;
    }
    // @end

    private void end(SockAddr peer) {
        var session = sessions.remove(peer);
        if (session != null) {
            log.accept("ended: " + peer + " after " + session.datagrams + " datagrams");
        }
    }

    int sessions() {
        return sessions.size();
    }

    static void main(String[] arguments) throws IOException {
        var port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9999;
        var patience = Duration.ofMillis(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30_000);
        var address = arguments.length > 2 ? arguments[2] : "127.0.0.1";
        try (var reactor = Reactor.open()) {
            var server = new SessionServer(reactor, patience, IO::println);
            var transport = reactor.listenUdp(port, server, PortOptions.defaults().withInterface(address));
            IO.println("listening on " + transport.localAddress());
            reactor.run();
        }
    }
}
