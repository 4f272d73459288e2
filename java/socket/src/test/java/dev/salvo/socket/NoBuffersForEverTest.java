package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.Errno;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.testing.NetNamespace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trap 21: a datagram whose fragments exceed the send buffer gets ENOBUFS on each try, on a writable socket with
 * nothing queued. After the last try it has failed, so that the other datagrams are sent.
 */
@Tag("netns")
@Timeout(60)
class NoBuffersForEverTest {

    private static final int TRIES = 20;
    /** SO_SNDBUF becomes 32,768, and twice that is the limit. */
    private static final int SEND_BUFFER = 16_384;
    /** More than 40 fragments, each of which is charged at least 2 KiB. */
    private static final int TOO_LARGE = 60_000;

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.2, 24", "2001:db8::1, 2001:db8::2, 64"})
    void theDatagramFailsAfterItsTriesAndTheRestIsSent(String sender, String receiver, String prefix) throws Exception {
        try (var here = NetNamespace.open();
                var there = NetNamespace.open()) {
            NetNamespace.connect(here, sender + "/" + prefix, there, receiver + "/" + prefix, 1500);
            try (var from = here.bound(SockAddr.of(sender, 0));
                    var to = there.bound(SockAddr.of(receiver, 0));
                    var out = SendBatch.open();
                    var in = ReceiveBatch.open()) {
                var destination = to.localAddress();
                from.set(SocketLevelOptions.SNDBUF, SEND_BUFFER);
                out.coalescing(false);
                for (var length : List.of(100, TOO_LARGE, 3_000)) {
                    Traffic.add(out, Traffic.bytes(length), destination);
                }
                var done = new ArrayList<Integer>();
                for (int i = 0; i < TRIES; i++) {
                    done.add(from.send(out));
                    assertEquals(Errno.ENOBUFS, out.stoppedBy());
                    assertEquals(List.of(), out.failures());
                }
                assertEquals(1, done.getFirst());
                assertEquals(1, done.stream().mapToInt(Integer::intValue).sum());

                assertEquals(2, from.send(out));

                assertEquals(0, out.stoppedBy());
                assertEquals(List.of(new SendFailure(destination, TOO_LARGE, Errno.ENOBUFS)), out.failures());
                assertEquals(List.of(100, 3_000), Traffic.lengths(Traffic.receive(to, in, 2)));
                assertEquals(TRIES, from.statistics().sendsWithoutBuffers());
            }
        }
    }
}
