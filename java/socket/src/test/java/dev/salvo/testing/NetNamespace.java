package dev.salvo.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernels;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A network namespace that a test creates and that is removed at its end. It needs root, and ip of iproute2. */
public final class NetNamespace implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "salvo-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

    private NetNamespace() throws IOException {
        ip("netns", "add", name);
        in("link", "set", "lo", "up");
        trustAddresses();
    }

    /**
     * Switches off duplicate address detection. While it runs, up to a second or longer, a router has no link-local
     * address to solicit its neighbours from (ndisc_send_ns, net/ipv6/ndisc.c) and reports them as unreachable; "nodad"
     * exempts only the addresses that we assign.
     */
    private void trustAddresses() throws IOException {
        try {
            // The kernel detects duplicates if either setting is on.
            sysctl("net/ipv6/conf/all/accept_dad", 0);
            sysctl("net/ipv6/conf/default/accept_dad", 0);
        } catch (Exception e) {
            throw new IOException("can't switch off duplicate address detection in " + name, e);
        }
    }

    /**
     * Creates a namespace with its loopback device up. Where none can be created, the test is skipped; in CI it fails.
     */
    public static NetNamespace open() throws IOException {
        try {
            return new NetNamespace();
        } catch (IOException e) {
            if ("true".equals(System.getenv("CI"))) {
                return Assertions.fail("network namespaces are needed", e);
            }
            Assumptions.abort("needs network namespaces (root, iproute2): " + e.getMessage());
            throw e;
        }
    }

    /** {@return the name for ip(8)} */
    public String name() {
        return name;
    }

    /** Connects two namespaces by a cable, both ends of which are named {@code cable}. */
    public static void connect(NetNamespace a, String addressOfA, NetNamespace b, String addressOfB, int mtu)
            throws IOException {
        ip("-n", a.name, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", b.name);
        a.addAddress(addressOfA, mtu);
        b.addAddress(addressOfB, mtu);
    }

    private void addAddress(String address, int mtu) throws IOException {
        in("link", "set", "cable", "mtu", Integer.toString(mtu));
        if (address.contains(":")) {
            in("address", "add", address, "dev", "cable", "nodad");
        } else {
            in("address", "add", address, "dev", "cable");
        }
        in("link", "set", "cable", "up");
    }

    /** Runs ip(8) of iproute2 on this namespace. */
    public void in(String... arguments) throws IOException {
        var command = new String[arguments.length + 2];
        command[0] = "-n";
        command[1] = name;
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        ip(command);
    }

    /**
     * Runs ip(8).
     *
     * @param arguments its arguments
     * @return what it printed
     * @throws IOException what it printed, if it failed
     */
    public static String ip(String... arguments) throws IOException {
        var command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().orTimeout(10, TimeUnit.SECONDS).join().exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output.strip());
        }
        return output;
    }

    /** Runs a task on a thread of its own inside the namespace; sockets that it opens stay there. */
    public <T> T call(Callable<T> body) throws Exception {
        var task = new FutureTask<>(() -> {
            enter();
            return body.call();
        });
        Thread.ofPlatform().daemon().start(task);
        return task.get(30, TimeUnit.SECONDS);
    }

    /**
     * Sets a value below /proc/sys in this namespace.
     *
     * @param path below it
     * @param value the number
     * @throws Exception if it can't be written
     */
    public void sysctl(String path, int value) throws Exception {
        call(() -> Files.writeString(Path.of("/proc/sys", path), Integer.toString(value)));
    }

    /**
     * Moves the calling thread into this namespace; sockets that it has opened stay in theirs. Use it only inside
     * {@link #call}, whose thread ends afterwards.
     */
    public void enter() {
        try {
            setns();
        } catch (Throwable t) {
            throw new AssertionError("can't enter " + name, t);
        }
    }

    /**
     * A socket inside the namespace that belongs to the calling thread, which may be outside.
     *
     * @param address what it is bound to
     * @return to be closed
     * @throws Exception if it can't be opened or bound
     */
    public UdpSocket bound(SockAddr address) throws Exception {
        return UdpSocket.adopt(call(() -> {
            try (var socket = UdpSocket.open(address.isIpv6() ? INET6 : INET)) {
                socket.bind(address);
                return Kernels.current().fcntl(socket.descriptor(), Linux.F_DUPFD(), 0);
            }
        }));
    }

    @SuppressWarnings("restricted")
    private void setns() throws Throwable {
        var linker = Linker.nativeLinker();
        var open = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("open"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        var setns = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("setns"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        var close = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        try (var arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom("/run/netns/" + name);
            var fd = (int) open.invokeExact(path, Linux.O_RDONLY() | Linux.O_CLOEXEC());
            assertEquals(0, (int) setns.invokeExact(fd, Linux.CLONE_NEWNET()), "setns");
            assertEquals(0, (int) close.invokeExact(fd), "close");
        }
    }

    @Override
    public void close() throws IOException {
        ip("netns", "delete", name);
    }
}
