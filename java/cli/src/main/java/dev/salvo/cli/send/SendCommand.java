package dev.salvo.cli.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.salvo.cli.argument.BadArgumentsException;
import dev.salvo.cli.argument.BindAddress;
import dev.salvo.cli.argument.Seconds;
import dev.salvo.cli.console.Console;
import dev.salvo.cli.console.DatagramLine;
import dev.salvo.cli.console.Version;
import dev.salvo.protocol.MessageLengthException;
import dev.salvo.reactor.Reactor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code salvo send}. */
@Command(name = "send", header = "Sends one datagram.", description = {
        "",
        "TEXT is sent as UTF-8 without a newline. If TEXT is missing or -, all of standard input is the datagram, byte"
                + " for byte and including a last newline, as ncat -u sends piped input.",
        ""
}, mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
public final class SendCommand implements Callable<Integer> {

    /** One byte more than the longest possible payload. */
    private static final int TOO_MANY = 65_528;

    private final Console console;

    @Parameters(index = "0", paramLabel = "DEST:PORT", converter = BindAddress.Converter.class, description = "The destination: 127.0.0.1:9999, [::1]:9999 or a multicast group. A link-local address needs its"
            + " interface: [fe80::1%%eth0]:9999. Host names are not resolved.")
    private @Nullable BindAddress destination;

    @Parameters(index = "1", paramLabel = "TEXT", arity = "0..1", description = "The payload.")
    private @Nullable String text;

    @Option(names = "--broadcast", description = "Allow a broadcast address as the destination.")
    private boolean broadcast;

    @Option(names = "--ttl", paramLabel = "N", description = "The hop limit: 0 to 255 for a multicast group, 1 to 255 for a host.")
    private @Nullable Integer ttl;

    @Option(names = "--interface", paramLabel = "IF", description = "The interface to send to a multicast group by: a name, an index or an address.")
    private @Nullable String networkInterface;

    @Option(names = "--wait", paramLabel = "SECONDS", converter = Seconds.class, description = "Print the replies that arrive within this time, as listen does. If the destination reports"
            + " that nobody listens there, the command fails with exit code 1.")
    private @Nullable Duration wait;

    public SendCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (destination == null) {
            throw new BadArgumentsException("DEST:PORT is missing");
        }
        var way = new SendWay(destination, broadcast, ttl, networkInterface);
        way.check();
        var payload = payload();
        try (var reactor = Reactor.open()) {
            var sender = new Sender(reactor, way, new DatagramLine(console, false, false));
            sender.send(payload, wait);
            reactor.run();
            sender.requireSent();
        } catch (MessageLengthException e) {
            throw new BadArgumentsException(
                    "too long for a datagram: " + payload.length
                            + (payload.length == TOO_MANY ? " bytes or more" : " bytes"));
        }
        return 0;
    }

    private byte[] payload() throws IOException {
        if (text == null || text.equals("-")) {
            return console.in().readNBytes(TOO_MANY);
        }
        if (text.indexOf('\ufffd') >= 0) {
            // Java replaces the bytes of an argument with U+FFFD if they are invalid in sun.jnu.encoding, which follows
            // LC_CTYPE.
            throw new BadArgumentsException(
                    "this locale cannot represent a character of TEXT: send standard input or set a UTF-8 locale");
        }
        return text.getBytes(UTF_8);
    }
}
