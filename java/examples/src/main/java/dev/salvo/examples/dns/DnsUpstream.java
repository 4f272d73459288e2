package dev.salvo.examples.dns;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.clock.Clock;
import dev.salvo.protocol.clock.DelayedCall;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;

/** A port that is connected to the upstream server, with the queries that were forwarded and are not yet answered. */
final class DnsUpstream implements DatagramProtocol {

    /** The largest number of pending queries. The fewer of the 65,536 ids are pending, the harder is one to guess. */
    static final int MOST_PENDING = 256;

    private record Pending(DnsQuery query, DatagramTransport client, DelayedCall timeout) {
    }

    private final Clock clock;
    private final SockAddr server;
    private final Duration patience;
    private final SecureRandom random = new SecureRandom();
    private final Map<Integer, Pending> pending = new HashMap<>();
    private @Nullable DatagramTransport transport;

    DnsUpstream(Clock clock, SockAddr server, Duration patience) {
        this.clock = clock;
        this.server = server;
        this.patience = patience;
    }

    @Override
    public void startProtocol(DatagramTransport port) throws IOException {
        port.connect(server);
        transport = port;
    }

    /** Forwards a query. The client gets the server's answer, or SERVFAIL after the timeout. */
    void ask(DnsQuery query, DatagramTransport client) {
        if (transport == null || pending.size() == MOST_PENDING) {
            client.write(query.error(Rcode.SERVFAIL), query.client());
            return;
        }
        var id = freeId();
        pending.put(id, new Pending(query, client, clock.callLater(patience, () -> fail(id))));
        if (!transport.write(query.withId(id))) {
            fail(id);
        }
    }

    /**
     * Chooses a random id that is not pending. The client's own id is not used: two clients may have chosen the same,
     * and an attacker who does not see the query must not know its id.
     */
    private int freeId() {
        int id;
        do {
            id = random.nextInt(1 << 16);
        } while (pending.containsKey(id));
        return id;
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport port) {
        var wire = DnsQuery.bytes(datagram);
        var answer = DnsQuery.parse(wire);
        if (answer == null) {
            return;
        }
        var asked = pending.get(answer.getHeader().getID());
        if (asked != null && asked.query.isAnsweredBy(answer)) {
            take(answer.getHeader().getID());
            asked.client.write(asked.query.reply(wire, answer), asked.query.client());
        }
    }

    /** Called if nobody listens at the server's address. The pending queries fail at once. */
    @Override
    public void connectionRefused(SockAddr destination, DatagramTransport port) {
        List.copyOf(pending.keySet()).forEach(this::fail);
    }

    private void fail(int id) {
        var asked = take(id);
        if (asked != null) {
            asked.client.write(asked.query.error(Rcode.SERVFAIL), asked.query.client());
        }
    }

    private @Nullable Pending take(int id) {
        var asked = pending.remove(id);
        if (asked != null && asked.timeout.active()) {
            asked.timeout.cancel();
        }
        return asked;
    }

    @Override
    public void stopProtocol(DatagramTransport port) {
        transport = null;
        List.copyOf(pending.keySet()).forEach(this::take);
    }
}
