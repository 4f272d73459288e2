package dev.salvo.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A host, its router, and the networks behind the router, for IPv4 and IPv6: a far network, whose MTU is smaller than
 * that of the near one, with a host of number 2, and networks that the router refuses.
 */
public final class NarrowPath implements AutoCloseable {

    public static final int NEAR_MTU = 1500;
    public static final int FAR_MTU = 1300;

    public final NetNamespace host = NetNamespace.open();
    public final NetNamespace router = NetNamespace.open();
    public final NetNamespace far = NetNamespace.open();

    public NarrowPath() throws Exception {
        try {
            join();
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    /** {@return an address of the near network: the host is 1, the router 2} */
    public static String near(boolean ipv6, int number) {
        return (ipv6 ? "2001:db8:1::" : "192.0.2.") + number;
    }

    /** {@return an address of the far network: the router is 1, a host 2, and nobody else} */
    public static String far(boolean ipv6, int number) {
        return (ipv6 ? "2001:db8:2::" : "198.51.100.") + number;
    }

    /** {@return an address to which the router has no route} */
    public static String unreachable(boolean ipv6) {
        return far(ipv6, 200);
    }

    /** {@return an address that the router rejects as administratively prohibited} */
    public static String prohibited(boolean ipv6) {
        return far(ipv6, 201);
    }

    private void join() throws Exception {
        nft("add", "table", "inet", "salvo");
        nft("add", "chain", "inet", "salvo", "forward", "{ type filter hook forward priority 0; }");
        cable("near", host, router, NEAR_MTU);
        cable("far", router, far, FAR_MTU);
        for (var ipv6 : new boolean[]{false, true}) {
            address(host, "near", near(ipv6, 1));
            address(router, "near", near(ipv6, 2));
            address(router, "far", far(ipv6, 1));
            address(far, "far", far(ipv6, 2));
            host.in("route", "add", ipv6 ? "::/0" : "0.0.0.0/0", "via", near(ipv6, 2));
            far.in("route", "add", ipv6 ? "::/0" : "0.0.0.0/0", "via", far(ipv6, 1));
            reject(ipv6, unreachable(ipv6), "no-route");
            reject(ipv6, prohibited(ipv6), "admin-prohibited");
            patience("net/ipv" + (ipv6 ? 6 : 4) + "/neigh/far/");
        }
        router.sysctl("net/ipv4/ip_forward", 1);
        router.sysctl("net/ipv6/conf/all/forwarding", 1);
        talkative(router);
        talkative(far);
        awaitCarrier(host, 1);
        awaitCarrier(router, 2);
        awaitCarrier(far, 1);
    }

    /**
     * Rejects by a firewall rule and not by a route of kind unreachable or prohibit: ip_error (net/ipv4/route.c) limits
     * the rate of the errors of those routes.
     */
    private void reject(boolean ipv6, String destination, String reason) throws IOException {
        nft("add", "rule", "inet", "salvo", "forward", ipv6 ? "ip6" : "ip", "daddr", destination, "reject", "with",
                "icmpx", "type", reason);
    }

    private void nft(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("netns", "exec", router.name(), "nft"));
        command.addAll(List.of(arguments));
        NetNamespace.ip(command.toArray(String[]::new));
    }

    /** The router solicits an absent neighbour for one second, and not for three. */
    private void patience(String directory) throws Exception {
        router.sysctl(directory + "retrans_time_ms", 100);
        router.sysctl(directory + "mcast_solicit", 10);
    }

    private static void talkative(NetNamespace namespace) throws Exception {
        namespace.sysctl("net/ipv4/icmp_ratelimit", 0);
        namespace.sysctl("net/ipv6/icmp/ratelimit", 0);
        if (namespace.call(() -> Files.exists(Path.of("/proc/sys/net/ipv4/icmp_msgs_per_sec")))) {
            // Since Linux 6.12 each namespace has its own limit; older kernels have one for the host, 1,000.
            namespace.sysctl("net/ipv4/icmp_msgs_per_sec", 1_000_000);
            namespace.sysctl("net/ipv4/icmp_msgs_burst", 100_000);
        }
    }

    private static void cable(String name, NetNamespace a, NetNamespace b, int mtu) throws IOException {
        NetNamespace.ip("-n", a.name(), "link", "add", name, "type", "veth", "peer", "name", name, "netns", b.name());
        for (var end : new NetNamespace[]{a, b}) {
            end.in("link", "set", name, "mtu", Integer.toString(mtu));
            end.in("link", "set", name, "up");
        }
    }

    private static void address(NetNamespace namespace, String cable, String address) throws IOException {
        if (address.contains(":")) {
            namespace.in("address", "add", address + "/64", "dev", cable, "nodad");
        } else {
            namespace.in("address", "add", address + "/24", "dev", cable);
        }
    }

    /**
     * The first end that is up has no carrier until the kernel knows of the second; datagrams it sends until then are
     * lost. Its IPv6 addresses do not answer either until a worker of the kernel has seen the carrier.
     */
    private static void awaitCarrier(NetNamespace namespace, int cables) throws IOException {
        var state = "";
        var tentative = "";
        for (int i = 0; i < 500; i++) {
            state = NetNamespace.ip("-n", namespace.name(), "-o", "link", "show", "up");
            tentative = NetNamespace.ip("-n", namespace.name(), "-6", "-o", "address", "show", "tentative");
            if (tentative.isEmpty()
                    && state.lines().filter(line -> line.contains("state UP")).count() == cables) {
                return;
            }
        }
        fail("no carrier: " + state + tentative);
    }

    @Override
    public void close() throws IOException {
        try (host;
                router;
                far) {
            // Close all, even if one fails.
        }
    }
}
