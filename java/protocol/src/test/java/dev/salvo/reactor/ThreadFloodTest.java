package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Peer;
import dev.salvo.protocol.clock.Call;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Threads that add calls without end delay ports and timers by at most one turn. */
@Tag("loopback")
class ThreadFloodTest {

    @Test
    void datagramsAreStillServed() throws Exception {
        var go = new AtomicBoolean(true);
        var threads = new ArrayList<Thread>();
        Call nothing = () -> {};
        try (var running = ReactorThread.start();
                var peer = Peer.open(Loopback.IPV4)) {
            var reactor = running.reactor();
            var port = running.listen(Loopback.IPV4, (d, transport) -> transport.write(d, d.source()));
            try {
                for (int i = 0; i < 3; i++) {
                    threads.add(Thread.ofPlatform().start(() -> {
                        while (go.get()) {
                            reactor.callFromThread(nothing);
                        }
                    }));
                }
                for (int i = 0; i < 20; i++) {
                    peer.send(port, "" + i);
                    assertEquals("" + i, peer.receive());
                }
            } finally {
                go.set(false);
                for (var thread : threads) {
                    thread.join();
                }
            }
        }
    }
}
