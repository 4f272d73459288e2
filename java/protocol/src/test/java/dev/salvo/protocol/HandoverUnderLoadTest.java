package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bound port is handed from one running JVM to another and back while clients wait for replies. */
@Tag("interop")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandoverUnderLoadTest {

    private static final int HANDOVERS = 20;
    private static final int CLIENTS = 2;
    /** 64 KiB of payload and kernel overhead: less than any usual receive buffer. */
    private static final int WINDOW = 32;
    /** Replies between two handovers, so that there is load at each. */
    private static final int REPLIES = 2_000;

    @TempDir
    private Path folder;

    @Test
    void noReplyIsMissing() throws Exception {
        var replies = new Semaphore(0);
        var loads = new ArrayList<WindowedLoad>();
        var results = new ArrayList<Future<WindowedLoad.Result>>();
        var paths = new Path[]{folder.resolve("one"), folder.resolve("two")};
        try (var one = ChildProcess.java(HandoverEcho.class, paths[0].toString());
                var two = ChildProcess.java(HandoverEcho.class, paths[1].toString());
                var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
            var children = new ChildProcess[]{one, two};
            assertEquals("ready", one.line());
            assertEquals("ready", two.line());
            one.tell("listen");
            var server = new InetSocketAddress(
                    Loopback.IPV4.literal, Integer.parseInt(one.line().replace("port ", "")));
            for (int i = 0; i < CLIENTS; i++) {
                loads.add(new WindowedLoad(server, WINDOW, replies));
                results.add(threads.submit(loads.getLast()));
            }
            try {
                for (int i = 0; i < HANDOVERS; i++) {
                    awaitReplies(replies);
                    handOver(children[i % 2], children[(i + 1) % 2], paths[(i + 1) % 2]);
                }
                awaitReplies(replies);
            } finally {
                loads.forEach(WindowedLoad::end);
            }
            for (var result : results) {
                var seen = result.get();
                assertEquals(new WindowedLoad.Result(seen.sent(), 0, 0), seen);
            }
            assertEquals(0, one.end());
            assertEquals(0, two.end());
        }
    }

    private static void awaitReplies(Semaphore replies) throws InterruptedException {
        replies.drainPermits();
        assertTrue(replies.tryAcquire(REPLIES, 20, TimeUnit.SECONDS), "the replies have stopped");
    }

    private static void handOver(ChildProcess from, ChildProcess to, Path path) throws Exception {
        to.tell("take");
        from.tell("give " + path);
        var given = from.line().split(" ");
        assertEquals("given", given[0], () -> String.join(" ", given));
        assertTrue(Long.parseLong(given[1]) > 0, "the port had received datagrams");
        assertEquals("0", given[2], "dropped");
        assertEquals("taken", to.line());
    }
}
