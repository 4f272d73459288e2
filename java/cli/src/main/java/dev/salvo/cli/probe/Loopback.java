package dev.salvo.cli.probe;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SockOpt;
import java.lang.foreign.MemorySegment;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Two loopback sockets, one of which sends to the other. */
final class Loopback implements AutoCloseable {

    /** A datagram over loopback usually arrives before sendmmsg returns. The wait is for a busy machine. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private static final int LARGEST = 2048;

    private final ReceiveBatch incoming;
    private final SendBatch outgoing;
    private final SockAddr address;
    final UdpSocket receiver;
    final UdpSocket sender;

    Loopback(StandardProtocolFamily family, String literal) throws SyscallException {
        sender = UdpSocket.open(family);
        receiver = UdpSocket.open(family);
        incoming = ReceiveBatch.open();
        outgoing = SendBatch.open();
        try {
            receiver.bind(SockAddr.of(literal, 0));
            sender.bind(SockAddr.of(literal, 0));
            address = receiver.localAddress();
        } catch (SyscallException e) {
            close();
            throw e;
        }
    }

    static Loopback open() throws SyscallException {
        return new Loopback(StandardProtocolFamily.INET, "127.0.0.1");
    }

    /** Why no datagram passes over loopback; empty if one does. */
    static Optional<String> obstacle() {
        try (var loopback = open()) {
            var errno = loopback.send(1, 1, false);
            if (errno == 0 && loopback.awaitDatagrams()) {
                return Optional.empty();
            }
            if (isDown()) {
                return Optional.of("the interface lo is down (ip link set lo up)");
            }
            return Optional.of(errno == 0
                    ? "a datagram to 127.0.0.1 did not arrive; a packet filter may drop it"
                    : "a datagram to 127.0.0.1 fails with " + Errno.describe(errno));
        } catch (SyscallException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isDown() {
        try {
            var lo = NetworkInterface.getByName("lo");
            return lo == null || !lo.isUp();
        } catch (SocketException e) {
            return false;
        }
    }

    /** Sends {@code count} datagrams with one call. Returns 0, or the errno of the first that failed. */
    int send(int count, int length, boolean joined) {
        return send(address, count, length, joined);
    }

    int send(SockAddr destination, int count, int length, boolean joined) {
        var payload = MemorySegment.ofArray(new byte[LARGEST]);
        outgoing.clear();
        outgoing.coalescing(joined);
        for (int i = 0; i < count; i++) {
            outgoing.add(payload, 0, length, destination);
        }
        sender.send(outgoing);
        return outgoing.failures().isEmpty()
                ? outgoing.stoppedBy()
                : outgoing.failures().getFirst().errno();
    }

    /** Receives everything in the receive buffer and returns the number of datagrams. */
    int receive() throws SyscallException {
        int datagrams = 0;
        while (receiver.receive(incoming) > 0) {
            while (incoming.next() != null) {
                datagrams++;
            }
        }
        return datagrams;
    }

    /** Receives one message and returns the value of its control message of an option's type; null if there is none. */
    @Nullable
    Long controlMessage(SockOpt<?> option) throws SyscallException {
        if (!receiver.awaitReadable(PATIENCE)) {
            return null;
        }
        receiver.receive(incoming, 1);
        if (incoming.next() == null) {
            return null;
        }
        var control = incoming.control();
        while (control.next()) {
            if (control.is(option.level(), option.number())) {
                return control.dataLength() >= Long.BYTES
                        ? control.getLong(0)
                        : Integer.toUnsignedLong(control.getInt(0));
            }
        }
        return null;
    }

    boolean awaitDatagrams() throws SyscallException {
        return receiver.awaitReadable(PATIENCE);
    }

    /** Waits for a pending error of the sender. */
    void awaitError() throws SyscallException {
        sender.awaitReadable(PATIENCE);
    }

    @Override
    public void close() {
        sender.close();
        receiver.close();
        incoming.close();
        outgoing.close();
    }
}
