package dev.salvo.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that know nothing of Salvo, in JVMs of their own, with the agent. */
@Tag("loopback")
@Timeout(120)
class AgentIT {

    private record Outcome(int exitCode, List<String> out, List<String> err) {
    }

    private static final String STARTED = "salvo-agent: datagram channels and sockets are Salvo's; sends: ";

    private static Outcome run(String words, List<String> options, Class<?> main, String... arguments)
            throws Exception {
        var out = Files.createTempFile("agent", ".out");
        var err = Files.createTempFile("agent", ".err");
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-javaagent:" + System.getProperty("salvo.agent") + words));
        command.addAll(options);
        command.addAll(List.of("-cp", Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString(), main.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "still running: " + command);
            return new Outcome(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Prints whose the classes are, and uses each door once. */
    static final class Doors {

        private Doors() {}

        private static String module(Object object) {
            return String.valueOf(object.getClass().getModule().getName());
        }

        public static void main(String[] arguments) throws IOException {
            try (var channel = DatagramChannel.open();
                    var selector = Selector.open();
                    var plain = new DatagramSocket();
                    var multicast = new MulticastSocket(0)) {
                System.out.println(module(channel) + " " + module(selector));
                var to = new InetSocketAddress(InetAddress.getLoopbackAddress(), multicast.getLocalPort());
                channel.send(ByteBuffer.wrap("channel".getBytes(UTF_8)), to);
                plain.send(new DatagramPacket("socket".getBytes(UTF_8), 6, to));
                // One packet for both: its buffer stays as large as it was.
                var packet = new DatagramPacket(new byte[100], 100);
                for (int i = 0; i < 2; i++) {
                    multicast.receive(packet);
                    System.out.println(new String(packet.getData(), 0, packet.getLength(), UTF_8));
                }
            }
        }
    }

    @Test
    void anUnmodifiedProgramRunsOnSalvoAndOneLineSaysSo() throws Exception {
        var outcome = run("", List.of(), Doors.class);
        assertEquals(new Outcome(0, List.of("dev.salvo.nio dev.salvo.nio", "socket", "channel"),
                List.of(STARTED + "held")), sorted(outcome));
        assertEquals(List.of(STARTED + "turn"), run("=turn", List.of(), Doors.class).err());
        assertEquals(List.of(), run("=turn,quiet", List.of(), Doors.class).err());
    }

    /** The two datagrams may come in either order. */
    private static Outcome sorted(Outcome outcome) {
        var lines = new ArrayList<>(outcome.out);
        lines.subList(1, lines.size()).sort((a, b) -> b.compareTo(a));
        return new Outcome(outcome.exitCode, lines, outcome.err);
    }

    @Test
    void whereItCannotBeUsedOneLineSaysWhyAndTheProgramRuns() throws Exception {
        var denied = run("", List.of("--illegal-native-access=deny"), Doors.class);
        assertEquals("java.base java.base", denied.out.getFirst());
        assertEquals(3, denied.out.size());
        assertEquals(List.of("salvo-agent: not used: --illegal-native-access=deny forbids it to call the kernel"),
                denied.err);
        var word = run("=trun", List.of(), Doors.class);
        assertEquals("java.base java.base", word.out.getFirst());
        assertEquals(List.of("salvo-agent: not used: the word 'trun' is none of held, turn, sync, quiet and stats, as"
                + " in -javaagent:salvo-agent.jar=turn,quiet"), word.err);
        var own = run("", List.of("-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.PollSelectorProvider"),
                Doors.class);
        assertEquals("java.base java.base", own.out.getFirst());
        assertEquals(List.of("salvo-agent: not used: the program has a selector provider of its own:"
                + " sun.nio.ch.PollSelectorProvider"), own.err);
    }

    @Test
    void oneLineAtTheExitSaysWhatTheChannelsHaveDone() throws Exception {
        var said = run("=stats", List.of(), Doors.class).err();
        assertEquals(STARTED + "held", said.getFirst());
        assertTrue(said.getLast().matches("salvo-agent: 3 channels received 2 datagrams by [1-9] calls and sent 2 by 2;"
                + " the kernel dropped 0 packets and refused 0 datagrams"), said::toString);
        assertEquals(2, said.size());
    }

    @Test
    void theFlightRecorderHasTheEventsOfTheChannels(@TempDir Path folder) throws Exception {
        var file = folder.resolve("recording.jfr");
        run("", List.of("-XX:StartFlightRecording:+salvo.Receive#enabled=true,+salvo.Flush#enabled=true,filename="
                + file), Doors.class);
        var names = RecordingFile.readAllEvents(file).stream().map(event -> event.getEventType().getName()).toList();
        assertEquals(2, names.stream().filter("salvo.Flush"::equals).count());
        assertTrue(names.contains("salvo.Receive"), names::toString);
    }

    /** Allowed by the flag, native access needs no private method of the JDK. */
    @Test
    void nativeAccessMayBeGivenByTheFlag() throws Exception {
        var outcome = run("", List.of("--enable-native-access=ALL-UNNAMED"), Doors.class);
        assertEquals(List.of(STARTED + "held"), outcome.err);
    }

    /** An HTTP server and client of the JDK, whose selectors are Salvo's now. */
    static final class Http {

        private Http() {}

        public static void main(String[] arguments) throws Exception {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, 0);
                try (var body = exchange.getResponseBody()) {
                    body.write("served".getBytes(UTF_8));
                }
            });
            server.start();
            try (var client = HttpClient.newHttpClient()) {
                var request = HttpRequest.newBuilder(URI.create("http:/" + server.getAddress() + "/")).build();
                for (int i = 0; i < 3; i++) {
                    System.out.println(client.send(request, BodyHandlers.ofString()).body());
                }
            }
            server.stop(0);
        }
    }

    @Test
    void tcpOfTheSameProgramWorks() throws Exception {
        var outcome = run("", List.of(), Http.class);
        assertEquals(new Outcome(0, List.of("served", "served", "served"), List.of(STARTED + "held")), outcome);
    }

    /** Sends a thousand datagrams and exits at once. */
    static final class Exit {

        private Exit() {}

        public static void main(String[] arguments) throws IOException {
            var to = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
            var channel = DatagramChannel.open();
            for (int i = 0; i < 1_000; i++) {
                channel.send(ByteBuffer.wrap(new byte[100]), to);
            }
            System.exit(0);
        }
    }

    @Test
    void whatWasSentBeforeTheExitArrives() throws Exception {
        try (var peer = DatagramChannel.open()) {
            peer.setOption(java.net.StandardSocketOptions.SO_RCVBUF, 4 << 20);
            peer.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
            var port = ((InetSocketAddress) peer.getLocalAddress()).getPort();
            assertEquals(0, run("=turn", List.of(), Exit.class, Integer.toString(port)).exitCode);
            var came = 0;
            while (peer.receive(ByteBuffer.allocate(100)) != null) {
                came++;
            }
            assertEquals(1_000, came);
        }
    }
}
