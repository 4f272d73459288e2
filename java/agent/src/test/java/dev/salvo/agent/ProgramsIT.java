package dev.salvo.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.agent.programs.AeronProgram;
import dev.salvo.agent.programs.ClusterProgram;
import dev.salvo.agent.programs.CoapProgram;
import dev.salvo.agent.programs.NettyProgram;
import dev.salvo.agent.programs.QuicProgram;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Other people's programs, unmodified, with the agent, and the clients that they are used with. */
@Tag("loopback")
@Timeout(120)
class ProgramsIT {

    private static final int DOWNLOADS = 6;
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path folder;

    /** The programs and their libraries, without the agent's own classes: it is to be found in its jar. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar") || entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String agent(String rule) {
        return "-javaagent:" + System.getProperty("salvo.agent") + "=" + rule;
    }

    private static List<String> java(List<String> options, String main, String... arguments) {
        var command = new ArrayList<>(List.of(JAVA, "-Xmx256m"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(List.of(arguments));
        return command;
    }

    /** A server that has printed that it is ready. */
    private record Server(Process process, int port) implements AutoCloseable {

        static Server start(String ready, List<String> command) throws IOException {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var lines = new ArrayList<String>();
            var reader = process.inputReader();
            while (lines.isEmpty() || !lines.getLast().startsWith(ready)) {
                var line = reader.readLine();
                if (line == null) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " said: " + lines);
                }
                lines.add(line);
            }
            assertTrue(lines.getFirst().startsWith("salvo-agent: datagram channels and sockets are Salvo's"),
                    lines::toString);
            drain(reader);
            var number = lines.getLast().replaceAll("\\D", "");
            return new Server(process, number.isEmpty() ? 0 : Integer.parseInt(number));
        }

        /** A program whose output nobody reads would block. */
        private static void drain(BufferedReader reader) {
            Thread.ofVirtual().start(() -> {
                try (reader) {
                    while (reader.readLine() != null) {
                        // Not needed.
                    }
                } catch (IOException e) {
                    // The program has ended.
                }
            });
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    /** What a client prints, once it has ended. */
    private static List<String> output(String input, List<String> command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var reader = process.inputReader()) {
            try (var writer = process.outputWriter()) {
                writer.write(input);
            }
            var lines = reader.lines().toList();
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> output(String... command) throws Exception {
        return output("", List.of(command));
    }

    private static int freePort() throws IOException {
        try (var socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }

    /** A name server in threads that block, over UDP and TCP. */
    @Test
    void dnsjavasNameServerAnswersDigAndLosesNothingOfDnsperf() throws Exception {
        var zone = folder.resolve("zone");
        Files.write(zone, List.of("$TTL 300", "@ IN SOA ns.test. admin.test. 1 3600 600 86400 300",
                "@ IN NS ns.test.", "ns IN A 127.0.0.1", "a IN A 192.0.2.7"));
        var port = Integer.toString(freePort());
        var configuration = folder.resolve("conf");
        Files.write(configuration, List.of("primary test. " + zone, "address 127.0.0.1", "port " + port));
        try (var server = Server.start("jnamed: running",
                java(List.of(agent("held")), "org.xbill.DNS.tools.jnamed", configuration.toString()))) {
            // It says so before its threads have bound their sockets.
            for (int i = 0; i < 100 && (dig(port) + dig(port, "+tcp")).contains("refused"); i++) {
                Thread.sleep(50);
            }
            for (int i = 0; i < 3; i++) {
                assertEquals("192.0.2.7", dig(port));
                assertEquals("192.0.2.7", dig(port, "+tcp"));
            }
            var queries = folder.resolve("queries");
            Files.write(queries, Collections.nCopies(20_000, "a.test A"));
            var report = output("dnsperf", "-s", "127.0.0.1", "-p", port, "-d", queries.toString(), "-n", "1", "-q",
                    "50", "-c", "4");
            assertTrue(report.stream().anyMatch(line -> line.matches(" *Queries completed: +20000 .*")),
                    report::toString);
            assertTrue(report.stream().anyMatch(line -> line.matches(" *Response codes: +NOERROR 20000 .*")),
                    report::toString);
            assertTrue(server.process.isAlive());
        }
    }

    private static String dig(String port, String... options) throws Exception {
        var command = new ArrayList<>(
                List.of("dig", "+short", "+time=2", "+tries=1", "@127.0.0.1", "-p", port, "a.test", "A"));
        command.addAll(List.of(options));
        return String.join(" ", output("", command));
    }

    @Test
    void californiumAnswersLibcoapsClientInOneDatagramAndInBlocks() throws Exception {
        try (var server = Server.start("ready", java(List.of(agent("held")), CoapProgram.class.getName()))) {
            var base = "coap://127.0.0.1:" + server.port;
            for (int i = 0; i < 10; i++) {
                assertEquals(List.of("hello"), output("coap-client-notls", "-m", "get", base + "/short"));
            }
            assertEquals(List.of(CoapProgram.LONG_TEXT), output("coap-client-notls", "-m", "get", base + "/long"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"held", "turn"})
    void nettysServerOfUdpAndTcpOnOneSelectorEchoesBoth(String rule) throws Exception {
        try (var server = Server.start("ready", java(List.of(agent(rule)), NettyProgram.class.getName()))) {
            for (int i = 0; i < 3; i++) {
                for (var transport : List.of("UDP:", "TCP:")) {
                    assertEquals(List.of("hello " + i), output("hello " + i + "\n",
                            List.of("socat", "-t", "2", "-T", "0.2", "-", transport + "127.0.0.1:" + server.port)));
                }
            }
        }
    }

    /**
     * A download by HTTP/3, with a client of ngtcp2. On the JDK, too, one in five stalls after two packets while the
     * machine is busy and kwik is not compiled yet, so it is tried again.
     */
    @ParameterizedTest
    @ValueSource(strings = {"held", "turn"})
    void kwiksQuicServerServesNgtcp2sClient(String rule) throws Exception {
        var keys = folder.resolve("keys").toString();
        output(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
                "server", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost", "-storetype",
                "PKCS12", "-keystore", keys, "-storepass", QuicProgram.PASSWORD);
        try (var server = Server.start("ready", java(List.of(agent(rule)), QuicProgram.class.getName(), keys))) {
            var port = Integer.toString(server.port);
            var body = folder.resolve("body");
            var said = List.<String>of();
            for (int i = 0; i < DOWNLOADS && (!Files.exists(body) || Files.size(body) < QuicProgram.BODY); i++) {
                Files.deleteIfExists(body);
                said = output("gtlsclient", "--quiet", "--exit-on-all-streams-close", "--timeout=5s", "--download",
                        folder.toString(), "127.0.0.1", port, "https://localhost:" + port + "/body");
            }
            assertTrue(Files.exists(body), said::toString);
            assertEquals(QuicProgram.BODY, Files.size(body));
        }
    }

    /** Two members on Salvo, and one on the JDK, in a network of their own: groups reach nobody else. */
    @Test
    void membersOfJGroupsFindEachOtherAndThoseOnTheJdk() throws Exception {
        var members = List.of(member("A", List.of(agent("held"))), member("B", List.of(agent("turn"))),
                member("C", List.of()));
        var script = "ip link set lo up multicast on && ip route add 224.0.0.0/4 dev lo && "
                + members.stream().map(ProgramsIT::quoted).collect(Collectors.joining(" & ")) + " & wait";
        var said = output("timeout", "60", "unshare", "-Urn", "sh", "-c", script);
        for (var name : List.of("A", "B", "C")) {
            assertTrue(said.contains(name + ": [I am A, I am B, I am C]"), said::toString);
        }
        assertEquals(2, said.stream().filter(line -> line.startsWith("salvo-agent: datagram channels")).count());
    }

    private static List<String> member(String name, List<String> options) {
        var all = new ArrayList<>(options);
        all.addAll(List.of("-Djava.net.preferIPv4Stack=true", "-Djgroups.bind_addr=127.0.0.1"));
        return java(all, ClusterProgram.class.getName(), name, "3");
    }

    private static String quoted(List<String> command) {
        return command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    /** Each side has a media driver of its own: one on Salvo, and one on the JDK. */
    @ParameterizedTest
    @ValueSource(strings = {"held", "turn"})
    void aeronsDriverAnswersAnotherOneOnTheJdk(String rule) throws Exception {
        var opened = List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder);
        var there = Integer.toString(freePort());
        var back = Integer.toString(freePort());
        var options = new ArrayList<>(opened);
        options.add(agent(rule));
        try (var server = Server.start("ready", java(options, AeronProgram.class.getName(), "pong", there, back))) {
            var said = output("", java(opened, AeronProgram.class.getName(), "ping", back, there, "100"));
            assertEquals("answers: 100", said.getLast());
            assertTrue(server.process.isAlive());
        }
    }
}
