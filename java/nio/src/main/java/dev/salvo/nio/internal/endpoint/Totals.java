package dev.salvo.nio.internal.endpoint;

import dev.salvo.socket.SocketStatistics;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What the channels of this JVM have done, the closed ones included, if anybody wants to know at the exit. */
public final class Totals {

    private static final Totals TOTALS = new Totals();

    private final Set<Endpoint> open = ConcurrentHashMap.newKeySet();
    private final LongAdder channels = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder receiveCalls = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder sendCalls = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean counting;

    private Totals() {}

    /** From now on channels are counted, and the report is made when the JVM exits, after all has been sent. */
    public static void reportAtExit(Consumer<String> report) {
        TOTALS.counting = true;
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("salvo-report-at-exit").unstarted(() -> {
            TOTALS.open.forEach(Endpoint::flushAtExit);
            report.accept(TOTALS.line());
        }));
    }

    static void opened(Endpoint endpoint) {
        if (TOTALS.counting) {
            TOTALS.channels.increment();
            TOTALS.open.add(endpoint);
        }
    }

    /** Called by an endpoint that is about to be closed, with its lock held. */
    static void closing(Endpoint endpoint) {
        if (TOTALS.counting && TOTALS.open.remove(endpoint)) {
            TOTALS.add(endpoint.socket().statistics());
        }
    }

    private void add(SocketStatistics each) {
        received.add(each.datagramsReceived());
        receiveCalls.add(each.receiveCalls());
        dropped.add(Math.max(0, each.kernelPacketDrops()));
        sent.add(each.datagramsSent());
        sendCalls.add(each.sendCalls());
        failed.add(each.datagramsFailed());
    }

    private String line() {
        for (var endpoint : open) {
            endpoint.lock.lock();
            try {
                closing(endpoint);
            } finally {
                endpoint.lock.unlock();
            }
        }
        return String.format(Locale.ROOT,
                "%,d channels received %,d datagrams by %,d calls and sent %,d by %,d;"
                        + " the kernel dropped %,d packets and refused %,d datagrams",
                channels.sum(), received.sum(), receiveCalls.sum(), sent.sum(), sendCalls.sum(), dropped.sum(),
                failed.sum());
    }
}
