package dev.salvo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.cli.console.Version;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import java.net.StandardProtocolFamily;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class CommandLineTest {

    private final Captured captured = new Captured();

    private int run(String line) {
        return captured.run(line.isEmpty() ? new String[0] : line.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "",
            "nosuch",
            "--nosuch",
            "echo extra",
            "echo --nosuch",
            "echo --bind",
            "echo --bind 127.0.0.1",
            "echo --bind 127.0.0.1:65536",
            "echo --bind 256.0.0.1:0",
            "echo --bind :65536",
            "echo -4 -6",
            "echo -4 --bind [::1]:0",
            "echo -6 --bind 127.0.0.1:0",
            "echo --bind ::1:9999",
            "echo --bind [fe80::1%nosuch]:9999",
            "echo --fd",
            "echo --fd three",
            "echo --fd 3 --bind 127.0.0.1:0",
            "echo --fd 3 --systemd udp",
            "echo --stats",
            "echo --stats 0",
            "echo --stats soon",
            "echo --json=maybe",
            "listen 192.0.2.1",
            "listen group",
            "listen 239.1.2.3 --bind 127.0.0.1:0",
            "listen ff02::1 --bind 0.0.0.0:0",
            "listen 9999 --bind 127.0.0.1:0",
            "listen 9999 9998",
            "listen 127.0.0.1 9999",
            "listen 239.1.2.3:9999 9998",
            "listen ff02::1 -4",
            "listen --rcvbuf 0",
            "listen --rcvbuf -1",
            "listen --rcvbuf 1024M",
            "listen --rcvbuf much",
            "listen --interface lo",
            "listen 239.1.2.3 --interface no/such",
            "listen --count 0",
            "listen --count many",
            "listen --hex --text",
            "send",
            "send 127.0.0.1 hello",
            "send :9999 hello",
            "send 9999 hello",
            "send localhost:0 hello",
            "send 1.2.3:9 hello",
            "send 127.0.0.1:0 hello",
            "send 127.0.0.1:9 hello world",
            "send 127.0.0.1:9 hello --ttl 0",
            "send 127.0.0.1:9 hello --ttl 256",
            "send 239.1.2.3:9 hello --ttl -1",
            "send 127.0.0.1:9 hello --interface lo",
            "send 239.1.2.3:9 hello --interface no/such",
            "send 127.0.0.1:9 hello --wait 0",
            "send 127.0.0.1:9 hello --all",
            "help nosuch",
            "info extra",
            "bench",
            "bench --quick --only echo"
    })
    void badArgumentsAreOneErrorLineAndExitCodeTwo(String line) {
        assertEquals(2, run(line));
        assertEquals(List.of(), captured.out());
        assertEquals(1, captured.err().size(), () -> captured.err().toString());
        assertTrue(captured.err().getFirst().matches("salvo: .* \\(see salvo.* --help\\)"), captured.err()::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "echo --help", "listen --help", "send --help", "info --help", "help",
            "help send"})
    void helpIsShortAndOnStdout(String line) {
        assertEquals(0, run(line));
        assertEquals(List.of(), captured.err());
        assertTrue(captured.out().size() < 30);
        captured.out().forEach(text -> assertTrue(text.length() <= 80, text));
    }

    @Test
    void helpIsACommandToo() {
        assertEquals(0, run("help listen"));
        var option = new Captured();
        assertEquals(0, option.run("listen", "--help"));
        assertEquals(option.out(), captured.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"send nosuch.invalid:9 hello", "echo --bind nosuch.invalid:0", "listen nosuch.invalid:0"})
    void anUnknownHostIsOneErrorLineAndExitCodeOne(String line) {
        assertEquals(1, run(line));
        assertEquals(List.of(), captured.out());
        assertEquals(List.of("salvo: no address found for the host nosuch.invalid"), captured.err());
    }

    @Test
    void helpListsBenchAlthoughTheLauncherRunsIt() {
        run("--help");
        assertTrue(captured.out().stream().anyMatch(line -> line.startsWith("  bench ")), captured.out()::toString);
        run("bench");
        assertTrue(captured.err().getFirst().contains("./salvo bench"), captured.err()::toString);
    }

    @Test
    void helpOfEchoWarnsOfSpoofedSources() {
        run("echo --help");
        var help = String.join(" ", captured.out());
        assertTrue(help.contains("spoofed"), help);
        assertTrue(help.contains("[fe80::1%eth0]:9999"), help);
    }

    @Test
    void helpOfListenExplainsTheEscapes() {
        run("listen --help");
        var help = String.join(" ", captured.out());
        assertTrue(help.contains("\\n, \\x1b or \\u202e"), help);
        assertTrue(help.contains("[PORT|GROUP...]"), help);
    }

    @Test
    void helpOfSendExplainsStandardInput() {
        run("send --help");
        var help = String.join(" ", captured.out()).replaceAll(" +", " ");
        assertTrue(help.contains("all of standard input is the datagram"), help);
        assertTrue(help.contains("[fe80::1%eth0]:9999"), help);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "echo --version"})
    void versionIsOneLine(String line) {
        assertEquals(0, run(line));
        assertEquals(1, captured.out().size());
        assertTrue(captured.out().getFirst().startsWith("salvo "));
    }

    @Test
    void aPortInUseIsOneErrorLineAndExitCodeOne() throws Exception {
        try (var taken = UdpSocket.open(StandardProtocolFamily.INET)) {
            taken.bind(SockAddr.of("127.0.0.1", 0));
            assertEquals(1, run("echo --bind " + taken.localAddress()));
        }
        assertEquals(List.of(), captured.out());
        assertEquals(1, captured.err().size(), () -> captured.err().toString());
        assertTrue(captured.err().getFirst().contains("EADDRINUSE"), captured.err()::toString);
    }

    @Test
    void systemdOptionFailsWithoutASocketFromSystemd() {
        assertEquals(1, run("echo --systemd"));
        assertEquals(List.of(), captured.out());
        assertEquals(1, captured.err().size(), () -> captured.err().toString());
        assertTrue(captured.err().getFirst().contains("systemd passed no socket"), captured.err()::toString);
    }

    @Test
    void aDescriptorThatIsNotOpenIsOneErrorLineAndExitCodeOne() {
        assertEquals(1, run("echo --fd 1000000"));
        assertEquals(List.of(), captured.out());
        assertEquals(1, captured.err().size(), () -> captured.err().toString());
        assertTrue(captured.err().getFirst().contains("EBADF"), captured.err()::toString);
    }

    @Test
    void anAddressThatIsNotAGroupIsNamedInTheError() {
        assertEquals(2, run("listen 192.0.2.1"));
        assertTrue(captured.err().getFirst().contains("'192.0.2.1' is not a multicast group"),
                captured.err()::toString);
    }

    @Test
    void infoIsATable() {
        assertEquals(0, run("info"));
        var features = captured.out().stream()
                .filter(line -> line.matches("[A-Za-z]\\S+ +(yes|no ) .*"))
                .toList();
        assertEquals(12, features.size(), captured.out()::toString);
        assertTrue(features.stream().allMatch(line -> line.charAt(15) == ' ' && line.charAt(16) != ' '));
        assertTrue(captured.out().stream().anyMatch(line -> line.matches("kernel +" + Version.ofKernel())));
    }

    @Test
    void infoIsJson() {
        assertEquals(0, run("info --json"));
        var info = Parsed.object(String.join("\n", captured.out()));
        assertEquals(Version.ofKernel(), info.get("kernel").getAsString());
        var names = info.getAsJsonArray("features").asList().stream()
                .map(feature -> feature.getAsJsonObject().get("name").getAsString())
                .toList();
        assertTrue(names.containsAll(List.of("UDP_GRO", "UDP_SEGMENT", "SO_RCVBUFFORCE", "epoll_pwait2")),
                names::toString);
    }
}
