package dev.salvo.bench;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.socket.poll.EpollPoller;
import dev.salvo.socket.poll.Readiness;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;

/** Salvo without its reactor: batches, a poller, and GRO enabled explicitly. */
final class SalvoSocket implements Peer {

    @Override
    public void echo(Endpoint bind) throws IOException {
        try (var socket = open(bind);
                var poller = EpollPoller.open();
                var received = ReceiveBatch.open();
                var replies = SendBatch.open()) {
            var token = poller.add(socket, Readiness.READABLE, socket);
            Peer.listening(bind, socket.localAddress().port());
            while (poller.await(-1) >= 0) {
                int messages;
                do {
                    messages = socket.receive(received);
                    for (var datagram = received.next(); datagram != null; datagram = received.next()) {
                        while (!replies.add(datagram, datagram.source())) {
                            send(socket, replies, poller, token);
                        }
                    }
                    send(socket, replies, poller, token);
                } while (messages == received.slots());
            }
        }
    }

    @Override
    public void sink(Endpoint bind, Counter counter) throws IOException {
        try (var socket = open(bind);
                var poller = EpollPoller.open();
                var received = ReceiveBatch.open()) {
            poller.add(socket, Readiness.READABLE, socket);
            Peer.listening(bind, socket.localAddress().port());
            var total = 0L;
            while (poller.await(-1) >= 0) {
                int messages;
                do {
                    messages = socket.receive(received);
                    while (received.next() != null) {
                        total++;
                    }
                    counter.done(total);
                } while (messages == received.slots());
            }
        }
    }

    @Override
    public void source(List<Endpoint> destinations, int size, Counter counter) throws IOException {
        var addresses = destinations.stream()
                .map(destination -> SockAddr.of(destination.host(), destination.port()))
                .toArray(SockAddr[]::new);
        try (var socket = UdpSocket.open(destinations.getFirst().family());
                var poller = EpollPoller.open();
                var batch = SendBatch.open();
                var arena = Arena.ofConfined()) {
            var payload = arena.allocate(size);
            Arguments.announceSending(destinations);
            for (int next = 0;; next = next + 1 < addresses.length ? next + 1 : 0) {
                while (!batch.add(payload, 0, size, addresses[next])) {
                    sendAndCount(socket, batch, poller, counter);
                }
                if (addresses.length > 1 && next + 1 == addresses.length) {
                    sendAndCount(socket, batch, poller, counter);
                }
            }
        }
    }

    /**
     * Sends the whole batch and updates the counter. The socket is registered with the poller only while the send
     * buffer is full: each message that a registered socket has sent wakes the poller, which costs time.
     */
    private static void sendAndCount(UdpSocket socket, SendBatch batch, EpollPoller poller, Counter counter)
            throws SyscallException {
        socket.send(batch);
        while (batch.pendingDatagrams() > 0) {
            if (batch.stoppedBy() == Errno.EAGAIN) {
                var token = poller.add(socket, Readiness.WRITABLE, socket);
                poller.await(-1);
                poller.remove(socket, token);
            }
            socket.send(batch);
        }
        var sent = socket.statistics();
        counter.done(sent.datagramsSent());
        counter.failed(sent.datagramsFailed());
    }

    private static UdpSocket open(Endpoint bind) throws SyscallException {
        var socket = UdpSocket.open(bind.family());
        socket.set(SocketLevelOptions.RCVBUF, RECEIVE_BUFFER);
        socket.set(UdpOptions.GRO, true);
        socket.bind(SockAddr.of(bind.host(), bind.port()));
        return socket;
    }

    /** Sends the whole batch. While the send buffer is full this waits, as a blocking socket does. */
    private static void send(UdpSocket socket, SendBatch batch, EpollPoller poller, long token)
            throws SyscallException {
        socket.send(batch);
        while (batch.pendingDatagrams() > 0) {
            if (batch.stoppedBy() == Errno.EAGAIN) {
                poller.modify(socket, Readiness.WRITABLE, token);
                poller.await(-1);
                poller.modify(socket, Readiness.READABLE, token);
            }
            socket.send(batch);
        }
    }
}
