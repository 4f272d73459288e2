package dev.salvo.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.handover.DescriptorReceiver;
import dev.salvo.socket.handover.DescriptorSender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;

/**
 * An echo server in its own JVM that takes a bound port from another process and hands it on. It reads commands from
 * stdin, one a line, and reports on stdout what it has done: {@code listen}, {@code adopt DESCRIPTOR}, {@code take},
 * {@code give PATH}. It ends at the end of stdin.
 */
final class HandoverEcho {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Reactor reactor;
    /** Where the port is sent at the next datagram. Confined to the reactor's thread. */
    private @Nullable Path heir;

    private HandoverEcho(Reactor reactor) {
        this.reactor = reactor;
    }

    /** The argument is the path at which it receives descriptors. */
    public static void main(String[] arguments) throws IOException {
        try (var reactor = Reactor.open()) {
            var echo = new HandoverEcho(reactor);
            Thread.ofPlatform().daemon().start(() -> echo.obey(Path.of(arguments[0])));
            reactor.run();
        }
    }

    private static void say(String what) {
        System.out.println(what);
    }

    private void obey(Path own) {
        try (var receiver = DescriptorReceiver.listen(own); var commands = new Scanner(System.in, ISO_8859_1)) {
            say("ready");
            while (commands.hasNextLine()) {
                var words = commands.nextLine().split(" ", 2);
                switch (words[0]) {
                    case "listen" -> reactor.callFromThread(this::listen);
                    case "adopt" -> adoptThere(Integer.parseInt(words[1]));
                    case "take" -> adoptThere(receiver.receive(PATIENCE).getFirst());
                    default -> reactor.callFromThread(() -> heir = Path.of(words[1]));
                }
            }
        } catch (IOException e) {
            say("failed: " + e);
        } finally {
            reactor.stop();
        }
    }

    private void adoptThere(int descriptor) {
        reactor.callFromThread(() -> adopt(descriptor));
    }

    private void listen() throws IOException {
        var listening = reactor.listenUdp(0, this::answer, Loopback.IPV4.options());
        say("port " + listening.localAddress().port());
    }

    private void adopt(int descriptor) throws IOException {
        try (var taken = UdpSocket.adopt(descriptor)) {
            reactor.adoptDatagramPort(taken.descriptor(), this::answer);
        }
        say("taken");
    }

    /** Hands the port on in the middle of a batch; the rest of the batch is answered first. */
    private void answer(Datagram datagram, DatagramTransport transport) throws IOException {
        if (heir != null) {
            give(transport, heir);
            heir = null;
        }
        transport.write(datagram, datagram.source());
    }

    /** The duplicate keeps the socket and its receive queue. It is sent only when everything has been answered. */
    private static void give(DatagramTransport port, Path path) throws IOException {
        var kept = UdpSocket.adoptDuplicate(port.socket().descriptor());
        port.stopListening().thenRun(() -> {
            try (kept) {
                DescriptorSender.send(path, PATIENCE, kept.descriptor());
                var statistics = port.statistics();
                say("given " + statistics.socket().datagramsReceived() + " " + statistics.datagramsDropped());
            } catch (IOException e) {
                say("failed: " + e);
            }
        });
    }
}
