package dev.salvo.protocol;

import dev.salvo.socket.SockAddr;
import dev.salvo.testing.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A host, a router with number 2 on its near side and 1 on its far side, and the server behind it. */
final class RoutedNetwork implements AutoCloseable {

    private static final int PORT = 4711;

    final NetNamespace host = NetNamespace.open();
    final NetNamespace far = NetNamespace.open();
    private final NetNamespace router = NetNamespace.open();
    private final Loopback family;

    RoutedNetwork(Loopback family) throws Exception {
        this.family = family;
        try {
            join();
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private void join() throws Exception {
        cable("near", host, near(1), router, near(2));
        cable("far", router, far(1), far, far(2));
        host.in("route", "add", "default", "via", literal(near(2)));
        far.in("route", "add", "default", "via", literal(far(1)));
        router.sysctl("net/ipv4/ip_forward", 1);
        router.sysctl("net/ipv4/icmp_ratelimit", 0);
        if (router.call(() -> Files.exists(Path.of("/proc/sys/net/ipv4/icmp_msgs_per_sec")))) {
            // Since Linux 6.12 each namespace has its own limit; older kernels have only the host's, 1,000.
            router.sysctl("net/ipv4/icmp_msgs_per_sec", 1_000_000);
            router.sysctl("net/ipv4/icmp_msgs_burst", 100_000);
        }
        router.sysctl("net/ipv6/conf/all/forwarding", 1);
        router.sysctl("net/ipv6/icmp/ratelimit", 0);
    }

    private static void cable(String name, NetNamespace a, String addressOfA, NetNamespace b, String addressOfB)
            throws IOException {
        NetNamespace.ip("-n", a.name(), "link", "add", name, "type", "veth", "peer", "name", name, "netns", b.name());
        plug(a, name, addressOfA);
        plug(b, name, addressOfB);
    }

    /** Without nodad, IPv6 would first check for a duplicate address, and not use the address for a second. */
    private static void plug(NetNamespace namespace, String cable, String address) throws IOException {
        namespace.in("link", "set", cable, "up");
        if (address.contains(":")) {
            namespace.in("address", "add", address, "dev", cable, "nodad");
        } else {
            namespace.in("address", "add", address, "dev", cable);
        }
    }

    private String near(int number) {
        return family == Loopback.IPV4 ? "192.0.2." + number + "/24" : "2001:db8:1::" + number + "/64";
    }

    private String far(int number) {
        return family == Loopback.IPV4 ? "198.51.100." + number + "/24" : "2001:db8:2::" + number + "/64";
    }

    private static String literal(String withPrefix) {
        return withPrefix.substring(0, withPrefix.indexOf('/'));
    }

    String wildcard() {
        return family == Loopback.IPV4 ? "0.0.0.0" : "::";
    }

    /** Must be called in {@link #far}. */
    Peer server() throws IOException {
        return Peer.open(SockAddr.of(literal(far(2)), PORT));
    }

    /** The router answers for the server with ICMP "communication administratively prohibited". */
    void prohibit() throws IOException {
        // Not a route of kind prohibit: ip_error (net/ipv4/route.c) sends only a few of its errors.
        nft("add", "table", "inet", "salvo");
        nft("add", "chain", "inet", "salvo", "forward", "{ type filter hook forward priority 0; }");
        nft("add", "rule", "inet", "salvo", "forward", "udp", "dport", Integer.toString(PORT), "reject", "with",
                "icmpx", "type", "admin-prohibited");
    }

    void allow() throws IOException {
        nft("delete", "table", "inet", "salvo");
    }

    private void nft(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("netns", "exec", router.name(), "nft"));
        command.addAll(List.of(arguments));
        NetNamespace.ip(command.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        try (host;
                router;
                far) {
            // Closes all of them, even if one fails.
        }
    }
}
