package dev.salvo.cli.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.salvo.cli.argument.BadArgumentsException;
import dev.salvo.cli.argument.Family;
import dev.salvo.cli.argument.HostPort;
import dev.salvo.cli.argument.Seconds;
import dev.salvo.cli.console.Console;
import dev.salvo.cli.console.Version;
import dev.salvo.protocol.MessageLengthException;
import dev.salvo.reactor.Reactor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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

    @Parameters(index = "0", paramLabel = "HOST:PORT", converter = HostPort.Converter.class, description = "The destination: 127.0.0.1:9999, [::1]:9999, localhost:9999 or a group. A link-local address needs"
            + " its interface: [fe80::1%%eth0]:9999. Of a name, the first IPv4 address is taken, or else the first.")
    private @Nullable HostPort destination;

    @Parameters(index = "1", paramLabel = "TEXT", arity = "0..1", description = "The payload.")
    private @Nullable String text;

    @ArgGroup
    private Family.Choice family = new Family.Choice();

    @Option(names = "--broadcast", description = "Allow a broadcast address as the destination.")
    private boolean broadcast;

    @Option(names = "--ttl", paramLabel = "N", description = "The hop limit: 0 to 255 for a multicast group, 1 to 255 for a host.")
    private @Nullable Integer ttl;

    @Option(names = "--interface", paramLabel = "IF", description = "The interface to send to a group or a broadcast address by: a name, an index or an address.")
    private @Nullable String networkInterface;

    @Option(names = "--wait", paramLabel = "SECONDS", converter = Seconds.class, description = "Wait so long for a reply, and print it as listen does, with the round-trip time on stderr. No reply is"
            + " a failure, exit code 1.")
    private @Nullable Duration wait;

    @Option(names = "--all", description = "With --wait: do not end with the first reply, print all that come in time.")
    private boolean all;

    public SendCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (destination == null || destination.isAll()) {
            throw new BadArgumentsException(destination == null
                    ? "HOST:PORT is missing"
                    : "a destination needs a host, for instance localhost" + destination);
        }
        if (destination.port() == 0) {
            throw new BadArgumentsException("a datagram cannot be sent to port 0: " + destination);
        }
        if (all && wait == null) {
            throw new BadArgumentsException("--all needs --wait");
        }
        var way = new SendWay(destination, destination.resolve(family.family()), broadcast, ttl, networkInterface);
        way.check();
        var payload = payload();
        try (var reactor = Reactor.open()) {
            var sender = new Sender(reactor, way, console, wait, all);
            sender.send(payload);
            reactor.run();
            sender.requireSuccess();
        } catch (MessageLengthException e) {
            throw new BadArgumentsException(
                    "too long for a datagram: " + payload.length
                            + (payload.length == TOO_MANY ? " bytes or more" : " bytes"));
        }
        return 0;
    }

    private byte[] payload() throws IOException {
        if (text == null || text.equals("-")) {
            try {
                return console.in().readNBytes(TOO_MANY);
            } catch (IOException e) {
                // Also where it is closed: the launcher opens it for writing alone then.
                throw new IOException("TEXT is missing, and reading standard input failed: " + e.getMessage(), e);
            }
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
