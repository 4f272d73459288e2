package dev.salvo.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Two network namespaces joined by three cables, for tests that depend on the interface. Both ends of a cable have its
 * name. {@link #here} has the addresses that end in 1, {@link #there} those that end in 2.
 */
public final class ThreeCables implements AutoCloseable {

    public static final List<String> NAMES = List.of("cable-a", "cable-b", "cable-c");

    private static final List<String> IPV4 = List.of("192.0.2.", "198.51.100.", "203.0.113.");
    private static final List<String> IPV6 = List.of("2001:db8:a::", "2001:db8:b::", "2001:db8:c::");

    public final NetNamespace here = NetNamespace.open();
    public final NetNamespace there = NetNamespace.open();

    private ThreeCables() throws IOException {
        for (var name : NAMES) {
            NetNamespace.ip(
                    "-n", here.name(), "link", "add", name, "type", "veth", "peer", "name", name, "netns",
                    there.name());
            configure(here, name, 1);
            configure(there, name, 2);
        }
        awaitCarrier(here);
        awaitCarrier(there);
    }

    /** Runs a task on a thread of its own, in {@link #here}. */
    public static void run(Body body) throws Exception {
        try (var cables = new ThreeCables()) {
            Callable<Void> callable = () -> {
                body.run(cables);
                return null;
            };
            cables.here.call(callable);
        }
    }

    /** The task of {@link #run}. */
    @FunctionalInterface
    public interface Body {

        void run(ThreeCables cables) throws Exception;
    }

    public static String ipv4(String cable, int host) {
        return IPV4.get(NAMES.indexOf(cable)) + host;
    }

    public static String ipv6(String cable, int host) {
        return IPV6.get(NAMES.indexOf(cable)) + host;
    }

    /** The link-local address is the same on all cables. */
    public static String linkLocal(int host) {
        return "fe80::" + host;
    }

    private static void configure(NetNamespace namespace, String cable, int host) throws IOException {
        namespace.in("link", "set", cable, "addrgenmode", "none");
        namespace.in("address", "add", ipv4(cable, host) + "/24", "dev", cable);
        namespace.in("address", "add", ipv6(cable, host) + "/64", "dev", cable, "nodad");
        namespace.in("address", "add", linkLocal(host) + "/64", "dev", cable, "nodad");
        namespace.in("link", "set", cable, "up");
    }

    /**
     * The first end that is up has no carrier until the kernel knows of the second; datagrams it sends until then are
     * lost.
     */
    private static void awaitCarrier(NetNamespace namespace) throws IOException {
        var state = "";
        for (int i = 0; i < 500; i++) {
            state = NetNamespace.ip("-n", namespace.name(), "-o", "link", "show", "up");
            if (state.lines().filter(line -> line.contains("cable-") && line.contains("state UP")).count() == 3) {
                return;
            }
        }
        fail("no carrier: " + state);
    }

    @Override
    public void close() throws IOException {
        try (here;
                there) {
            // Close both, even if the first fails.
        }
    }
}
