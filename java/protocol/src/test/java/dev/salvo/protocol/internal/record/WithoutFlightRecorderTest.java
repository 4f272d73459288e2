package dev.salvo.protocol.internal.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.protocol.ChildProcess;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In a runtime image without the module jdk.jfr everything works, and nothing is recorded. */
@Tag("loopback")
class WithoutFlightRecorderTest {

    @Test
    void anEchoWorksWithoutFlightRecorder() throws Exception {
        var command = new ArrayList<>(ChildProcess.javaCommand(EchoesOnce.class));
        command.addAll(1, List.of("--limit-modules", "java.base"));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var reader = process.inputReader()) {
            assertEquals(List.of("no jdk.jfr", "echoed 3", "failed 2"), reader.lines().toList());
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /**
     * The program that runs in the other JVM. It causes each event of the protocol layer and most of the socket layer.
     */
    static final class EchoesOnce {

        private EchoesOnce() {}

        public static void main(String[] args) throws Exception {
            System.out.println(ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? "jdk.jfr" : "no jdk.jfr");
            try (var reactor = Reactor.open()) {
                var options = PortOptions.defaults().withInterface("127.0.0.1");
                var echo = reactor.listenUdp(0, (d, transport) -> transport.write(d, d.source()), options);
                var client = reactor.listenUdp(0, new DatagramProtocol() {
                    @Override
                    public void datagramReceived(Datagram d, DatagramTransport transport) {
                        System.out.println("echoed " + d.length());
                        reactor.stop();
                    }

                    @Override
                    public void writeFailed(SockAddr to, int length, int errno, DatagramTransport transport) {}
                }, options);
                client.write(new byte[3], echo.localAddress());
                // The two are joined and refused, then sent one by one and refused again.
                client.write(new byte[2], SockAddr.of("127.0.0.1", 0));
                client.write(new byte[2], SockAddr.of("127.0.0.1", 0));
                reactor.run();
                System.out.println("failed " + client.statistics().socket().datagramsFailed());
            }
        }
    }
}
