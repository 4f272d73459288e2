package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Named.named;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.EpollEvent;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.poll.EpollPoller;
import dev.salvo.socket.poll.EventFd;
import dev.salvo.socket.poll.Readiness;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** One of each kind of object that belongs to a thread, in the middle of its work. */
final class OwnedThings implements AutoCloseable {

    /** A use of such an object. */
    interface Use {
        void of(OwnedThings things) throws SyscallException;
    }

    private interface SocketUse {
        void of(UdpSocket socket) throws SyscallException;
    }

    final ScriptedKernel kernel = new ScriptedKernel();
    final UdpSocket socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
    final UdpSocket unwatched = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
    final EventFd eventFd = kernel.open(() -> EventFd.open());
    final EpollPoller poller = kernel.open(() -> EpollPoller.open());
    final SendBatch sendBatch = kernel.open(() -> SendBatch.open());
    final SendBatch emptySendBatch = kernel.open(() -> SendBatch.open());
    final ReceiveBatch receiveBatch = kernel.open(() -> ReceiveBatch.open(4));
    final ReceiveBatch emptyReceiveBatch = kernel.open(() -> ReceiveBatch.open(4));
    final long token = poller.add(socket, Readiness.READABLE, "attached");
    private final Datagram datagram;

    OwnedThings() throws SyscallException {
        kernel.always(Syscall.SENDMMSG, Answer.accept());
        kernel.always(Syscall.RECVMMSG, Answer.error(Errno.EAGAIN));
        kernel.next(Syscall.RECVMMSG, Answer.deliver(Incoming.from(A, "first"), Incoming.from(A, "second")));
        kernel.next(Syscall.EPOLL_PWAIT2, Answer.ready(new EpollEvent(token, Readiness.READABLE)));
        socket.receive(receiveBatch);
        datagram = Objects.requireNonNull(receiveBatch.next());
        poller.await(0);
        Traffic.add(sendBatch, A, "pending");
        kernel.forget();
    }

    private static Named<Use> use(String name, Use use) {
        return named(name, use);
    }

    static Stream<Named<Use>> ofSockets() {
        return Stream.of(
                use("bind", t -> t.socket.bind(A)),
                use("connect", t -> t.socket.connect(A)),
                use("disconnect", t -> t.socket.disconnect()),
                use("peerAddress", t -> t.socket.peerAddress()),
                use("nextError", t -> t.socket.nextError()),
                use("nextTransmitTimestamp", t -> t.socket.nextTransmitTimestamp()),
                use("receive", t -> t.socket.receive(t.receiveBatch)),
                use("receive into an empty batch", t -> t.socket.receive(t.emptyReceiveBatch, 1)),
                use("send", t -> t.socket.send(t.sendBatch)),
                use("send nothing", t -> t.socket.send(t.emptySendBatch)),
                use("receive into a batch of one's own", t -> {
                    try (var own = ReceiveBatch.open(1)) {
                        t.socket.receive(own);
                    }
                }),
                use("send a batch of one's own", t -> {
                    try (var own = SendBatch.open()) {
                        Traffic.add(own, A, "stray");
                        t.socket.send(own);
                    }
                }),
                use("drainErrors", t -> t.socket.drainErrors()),
                use("get", t -> t.socket.get(SocketLevelOptions.RCVBUF)),
                use("set", t -> t.socket.set(SocketLevelOptions.RCVBUF, 1 << 20)),
                use("awaitReadable", t -> t.socket.awaitReadable(Duration.ZERO)),
                use("localAddress", t -> t.socket.localAddress()),
                use("descriptor", t -> t.socket.descriptor()));
    }

    static Stream<Named<Use>> ofPollers() {
        return Stream.of(
                use("add", t -> t.poller.add(t.unwatched, Readiness.READABLE, "late")),
                use("add an eventfd", t -> t.poller.add(t.eventFd, "late")),
                use("modify", t -> t.poller.modify(t.socket, 0, t.token)),
                use("remove", t -> t.poller.remove(t.socket, t.token)),
                use("await", t -> t.poller.await(0)),
                use("attachment", t -> t.poller.attachment(0)),
                use("readiness", t -> t.poller.readiness(0)));
    }

    static Stream<Named<Use>> ofBatches() {
        return Stream.of(
                use("add", t -> Traffic.add(t.sendBatch, A, "late")),
                use("add an empty datagram", t -> t.sendBatch.add(MemorySegment.NULL, 0, 0, A)),
                use("clear", t -> t.sendBatch.clear()),
                use("clear an empty batch", t -> t.emptySendBatch.clear()),
                use("coalescing", t -> t.sendBatch.coalescing(false)),
                use("maxSegments", t -> t.sendBatch.maxSegments(1)),
                use("next", t -> t.receiveBatch.next()),
                use("next of an empty batch", t -> t.emptyReceiveBatch.next()),
                use("control", t -> t.receiveBatch.control()),
                use("maxPacketSize", t -> t.receiveBatch.maxPacketSize(1)),
                use("send through another socket", t -> throughOwnSocket(own -> own.send(t.sendBatch))),
                use("send nothing through another socket", t -> throughOwnSocket(own -> own.send(t.emptySendBatch))),
                use("receive from another socket", t -> throughOwnSocket(own -> own.receive(t.receiveBatch))));
    }

    /** Uses a socket of the calling thread, with the machine's kernel. */
    private static void throughOwnSocket(SocketUse use) throws SyscallException {
        try (var own = UdpSocket.open(StandardProtocolFamily.INET)) {
            use.of(own);
        }
    }

    static Stream<Named<Use>> ofDatagrams() {
        return Stream.of(
                use("length", t -> t.datagram.length()),
                use("source", t -> t.datagram.source()),
                use("copy", t -> t.datagram.copy()),
                use("copyTo", t -> t.datagram.copyTo(new byte[5])),
                use("get of a byte", t -> t.datagram.get(0)));
    }

    static Stream<Named<Use>> ofEventFds() {
        return Stream.of(use("take", t -> t.eventFd.take()));
    }

    static Stream<Named<Use>> closes() {
        return Stream.of(
                use("close a socket", t -> t.socket.close()),
                use("close a poller", t -> t.poller.close()),
                use("close an eventfd", t -> t.eventFd.close()),
                use("close a send batch", t -> t.sendBatch.close()),
                use("close a receive batch", t -> t.receiveBatch.close()));
    }

    /** Fails if an object is not as the constructor left it. */
    void requireUntouched() throws SyscallException {
        assertEquals(0, kernel.calls().size(), () -> "reached the kernel: " + kernel.calls());
        assertEquals(5, datagram.length());
        assertEquals(A, datagram.source());
        assertSame(datagram, receiveBatch.next());
        assertEquals(6, datagram.length());
        assertNull(receiveBatch.next());
        assertEquals("attached", poller.attachment(0));
        var slot = (int) token;
        assertEquals(slot + 1, poller.add(unwatched, 0, "next"), "a slot was used up");
        assertEquals(1, sendBatch.pendingDatagrams());
        Traffic.add(sendBatch, A, "another");
        assertEquals(2, socket.send(sendBatch));
        assertEquals(1, kernel.sent().size(), "no longer joined");
        eventFd.signal();
        assertEquals(true, eventFd.take());
    }

    @Override
    public void close() {
        poller.close();
        eventFd.close();
        socket.close();
        unwatched.close();
        sendBatch.close();
        emptySendBatch.close();
        receiveBatch.close();
        emptyReceiveBatch.close();
    }
}
