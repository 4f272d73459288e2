package dev.salvo.protocol.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.protocol.ChildProcess;
import dev.salvo.socket.SockAddr;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A protocol can be tested in a JVM that has no native access. */
@Tag("unit")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FakeWithoutNativeAccessTest {

    /** Delivers to an echo, joins a group, and prints what it wrote. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) throws Exception {
            for (var peer : List.of(SockAddr.of("192.0.2.1", 9), SockAddr.of("2001:db8::1", 9))) {
                var fake = new FakeDatagramTransport(SockAddr.of(peer.isIpv6() ? "::" : "0.0.0.0", 9999));
                fake.deliver((datagram, transport) -> transport.write(datagram, datagram.source()),
                        "hello".getBytes(UTF_8), peer);
                fake.joinGroup(peer.isIpv6() ? "ff15::4:1" : "239.1.2.3", "eth0");
                var written = fake.written().getFirst();
                System.out.println(new String(written.payload(), UTF_8) + " to " + written.destination());
            }
        }
    }

    @Test
    void aFakeEchoes() throws Exception {
        var command = ChildProcess.javaCommand(Program.class);
        command.remove("--enable-native-access=ALL-UNNAMED");
        command.add(1, "--illegal-native-access=deny");
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var reader = process.inputReader()) {
            assertEquals(List.of("hello to 192.0.2.1:9", "hello to [2001:db8::1]:9"), reader.readAllLines());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
