package dev.salvo.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.salvo.protocol.MessageLengthException;
import dev.salvo.protocol.Reactor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** salvo send. */
@Command(name = "send", header = "Sends one datagram.", description = {
        "",
        "TEXT is sent as UTF-8, with nothing added. Without it, or for -, all of standard input is the datagram, byte"
                + " for byte, its last newline too: as ncat -u sends what is piped into it.",
        ""
}, mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
final class SendCommand implements Callable<Integer> {

    /** One more byte than any datagram has. */
    private static final int TOO_MANY = 65_528;

    private final Console console;

    @Parameters(index = "0", paramLabel = "DEST:PORT", converter = BindAddress.Converter.class, description = "127.0.0.1:9999, [::1]:9999 or a multicast group; with its interface where it needs one:"
            + " [fe80::1%%eth0]:9999. Names are not resolved.")
    private @Nullable BindAddress destination;

    @Parameters(index = "1", paramLabel = "TEXT", arity = "0..1", description = "What to send.")
    private @Nullable String text;

    @Option(names = "--broadcast", description = "Allow broadcast addresses.")
    private boolean broadcast;

    @Option(names = "--ttl", paramLabel = "N", description = "How many hops it may take, 0 to 255; for a host, 1 at least.")
    private @Nullable Integer ttl;

    @Option(names = "--interface", paramLabel = "IF", description = "By which interface it goes to a group: a name, an index or an address.")
    private @Nullable String networkInterface;

    @Option(names = "--wait", paramLabel = "SECONDS", converter = Seconds.class, description = "Print what comes back within this time, as listen does. That nobody listens there"
            + " is told, and is exit code 1.")
    private @Nullable Duration wait;

    SendCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (destination == null) {
            throw new BadArgumentsException("no DEST:PORT");
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
                    "no datagram is so long: " + payload.length
                            + (payload.length == TOO_MANY ? " bytes or more" : " bytes"));
        }
        return 0;
    }

    private byte[] payload() throws IOException {
        if (text == null || text.equals("-")) {
            return console.in().readNBytes(TOO_MANY);
        }
        if (text.indexOf('\ufffd') >= 0) {
            // What Java makes of an argument's bytes that sun.jnu.encoding, which follows LC_CTYPE, does not have.
            throw new BadArgumentsException("this locale has no name for a character of TEXT: send standard input");
        }
        return text.getBytes(UTF_8);
    }
}
