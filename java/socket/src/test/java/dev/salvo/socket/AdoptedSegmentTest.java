package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import dev.salvo.testing.OnLoopback;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was set or begun on a socket before it was adopted changes no datagram that is sent afterwards. */
@OnLoopback
record AdoptedSegmentTest(Loopback over) {

    /** Empty, short, exact, long, equal ones that are joined, one with options, and one that is split as asked. */
    private static void send(UdpSocket adopted, SockAddr to) throws SyscallException {
        try (var out = SendBatch.open()) {
            for (int length : new int[]{0, 50, 100, 150, 250, 350, 350, 350}) {
                Traffic.add(out, Traffic.bytes(length), to);
            }
            Traffic.add(out, to, new SendOptions().trafficClass(8), "x".repeat(220));
            Traffic.add(out, to, new SendOptions().segmentSize(300), "y".repeat(600));
            assertEquals(11, adopted.send(out));
            assertEquals(List.of(), out.failures());
        }
    }

    @Test
    void theSegmentSizeOfAnAdoptedSocketSplitsNothing() throws Exception {
        try (var parents = over.bound(); var receiver = over.bound(); var in = ReceiveBatch.open()) {
            parents.set(UdpOptions.SEGMENT, 100);
            try (var adopted = UdpSocket.adoptDuplicate(parents.descriptor())) {
                send(adopted, receiver.localAddress());
                var lengths = Traffic.lengths(Traffic.receive(receiver, in, 11));
                assertEquals(List.of(0, 50, 100, 150, 250, 350, 350, 350, 220, 300, 300), lengths);
                assertEquals(100, parents.get(UdpOptions.SEGMENT), "it is left to the other holders");
            }
        }
    }

    /** Without coalescing, and where a joined message is refused and sent one by one. */
    @Test
    void singleDatagramsAreNotSplitEither() throws Exception {
        try (var parents = over.bound();
                var receiver = over.bound();
                var in = ReceiveBatch.open();
                var out = SendBatch.open()) {
            parents.set(UdpOptions.SEGMENT, 100);
            out.coalescing(false);
            try (var adopted = UdpSocket.adoptDuplicate(parents.descriptor())) {
                var expected = new ArrayList<Integer>();
                for (int i = 0; i < 10; i++) {
                    Traffic.add(out, Traffic.bytes(150 + i), receiver.localAddress());
                    expected.add(150 + i);
                }
                adopted.send(out);
                assertEquals(expected, Traffic.lengths(Traffic.receive(receiver, in, 10)));
            }
        }
    }

    /** The same batch, and so the same table of messages, is sent by a socket with and one without. */
    @Test
    void aBatchMayGoFromOneSocketToAnother() throws Exception {
        try (var parents = over.bound();
                var plain = over.bound();
                var receiver = over.bound();
                var in = ReceiveBatch.open();
                var out = SendBatch.open()) {
            parents.set(UdpOptions.SEGMENT, 100);
            try (var adopted = UdpSocket.adoptDuplicate(parents.descriptor())) {
                for (var socket : List.of(plain, adopted, plain, adopted)) {
                    Traffic.add(out, Traffic.bytes(150), receiver.localAddress());
                    socket.send(out);
                    out.clear();
                }
                assertEquals(List.of(150, 150, 150, 150), Traffic.lengths(Traffic.receive(receiver, in, 4)));
            }
        }
    }

    @Test
    void aCorkedSocketIsRefused() throws Exception {
        try (var parents = over.bound()) {
            parents.set(UdpOptions.CORK, true);
            for (int i = 0; i < 2; i++) {
                var refused = assertThrows(
                        SyscallException.class, () -> UdpSocket.adoptDuplicate(parents.descriptor()));
                assertEquals(Errno.EBUSY, refused.errno());
                assertTrue(String.valueOf(refused.getMessage()).contains("UDP_CORK is on"), refused.getMessage());
            }
            parents.set(UdpOptions.CORK, false);
            UdpSocket.adoptDuplicate(parents.descriptor()).close();
        }
    }

    private static long sendTo(UdpSocket socket, SockAddr to, String text, int flags) {
        try (var arena = Arena.ofConfined()) {
            var headers = new MessageHeaders(arena, 1, 1);
            headers.name(0, to);
            headers.vector(0, arena.allocateFrom(text), 0, text.length());
            headers.vectors(0, 0, 1);
            headers.controlLength(0, 0);
            return Kernels.current().sendmsg(socket.descriptor(), headers.from(0), flags | Linux.MSG_DONTWAIT());
        }
    }

    /** The begun datagram is still the parent's to end, and is not changed by the attempt. */
    @Test
    void aSocketWithABegunDatagramIsRefusedUntilItIsEnded() throws Exception {
        try (var parents = over.bound(); var receiver = over.bound(); var in = ReceiveBatch.open()) {
            var to = receiver.localAddress();
            for (int i = 0; i < 2; i++) {
                UdpSocket.adoptDuplicate(parents.descriptor()).close();
                assertEquals(5, sendTo(parents, to, "begun", Linux.MSG_MORE()));
                var refused = assertThrows(
                        SyscallException.class, () -> UdpSocket.adoptDuplicate(parents.descriptor()));
                assertEquals(Errno.EBUSY, refused.errno());
                assertTrue(
                        String.valueOf(refused.getMessage()).contains("MSG_MORE is not yet ended"),
                        refused.getMessage());
                assertEquals(4, sendTo(parents, to, " end", 0));
                assertEquals(List.of("begun end"), Traffic.texts(Traffic.receive(receiver, in, 1)));
            }
        }
    }

    /** What is sent and still on its way is no begun datagram. The question changes nothing of the socket. */
    @Test
    void aUsualSocketIsAdoptedConnectedAndUnboundAlike() throws Exception {
        try (var parents = over.bound();
                var receiver = over.bound();
                var unbound = UdpSocket.open(over.family);
                var in = ReceiveBatch.open()) {
            UdpSocket.adoptDuplicate(unbound.descriptor()).close();
            assertEquals(0, unbound.localAddress().port());
            assertEquals(4, sendTo(parents, receiver.localAddress(), "sent", 0));
            parents.connect(receiver.localAddress());
            try (var adopted = UdpSocket.adoptDuplicate(parents.descriptor()); var out = SendBatch.open()) {
                Traffic.add(out, (SockAddr) null, "adopted");
                assertEquals(1, adopted.send(out));
            }
            assertEquals(List.of("sent", "adopted"), Traffic.texts(Traffic.receive(receiver, in, 2)));
        }
    }
}
