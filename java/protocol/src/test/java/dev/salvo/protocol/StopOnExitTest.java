package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JVM's exit stops the reactor and waits for it. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StopOnExitTest {

    /** Serves a port until something ends it. */
    static final class Server {

        private Server() {}

        public static void main(String[] arguments) throws Exception {
            try (var reactor = Reactor.open()) {
                reactor.listenUdp(0, new DatagramProtocol() {
                    @Override
                    public void startProtocol(DatagramTransport transport) {
                        System.out.println("start");
                    }

                    @Override
                    public void datagramReceived(Datagram datagram, DatagramTransport transport) {}

                    @Override
                    public void stopProtocol(DatagramTransport transport) {
                        System.out.println("stopProtocol");
                    }
                }, Loopback.IPV4.options());
                reactor.onShutdown(() -> System.out.println("onShutdown"));
                reactor.stopOnExit();
                switch (arguments[0]) {
                    case "exit" -> reactor.callInThread(() -> System.exit(3));
                    case "stop" -> reactor.callLater(Duration.ZERO, reactor::stop);
                    case "never" -> System.exit(4);
                    default -> {
                        // A signal ends it.
                    }
                }
                reactor.callWhenRunning(() -> System.out.println("running"));
                reactor.run();
            }
        }
    }

    /** Sends a signal once the server runs, and returns what it printed, and its exit code. */
    private static List<String> printed(String way) throws Exception {
        var process = new ProcessBuilder(ChildProcess.javaCommand(Server.class, way))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var reader = process.inputReader()) {
            var lines = new ArrayList<String>();
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.equals("running") && Character.isUpperCase(way.charAt(0))) {
                    new ProcessBuilder("kill", "-" + way, Long.toString(process.pid())).start().waitFor();
                }
            }
            process.waitFor(30, TimeUnit.SECONDS);
            lines.add(Integer.toString(process.exitValue()));
            return lines;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129", "exit, 3", "stop, 0"})
    void everyPortIsClosedAndEveryHookCalled(String way, String exitCode) throws Exception {
        assertEquals(List.of("start", "running", "onShutdown", "stopProtocol", exitCode), printed(way));
    }

    @Test
    void aReactorThatDoesNotRunDelaysNothing() throws Exception {
        assertEquals(List.of("start", "4"), printed("never"));
    }
}
