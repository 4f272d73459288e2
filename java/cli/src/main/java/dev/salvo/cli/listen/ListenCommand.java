package dev.salvo.cli.listen;

import dev.salvo.cli.argument.BadArgumentsException;
import dev.salvo.cli.argument.Bytes;
import dev.salvo.cli.argument.Family;
import dev.salvo.cli.argument.Group;
import dev.salvo.cli.argument.HostPort;
import dev.salvo.cli.console.Console;
import dev.salvo.cli.console.DatagramLine;
import dev.salvo.cli.console.Version;
import dev.salvo.cli.service.Drain;
import dev.salvo.cli.service.ServedPorts;
import dev.salvo.cli.service.Traffic;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Multicast;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code salvo listen}. */
@Command(name = "listen", header = "Prints one line for each received datagram: source, length, text.", description = {
        "",
        "Control characters, bytes that are not UTF-8, and characters that are invisible or combine with others are"
                + " written as \\n, \\x1b or \\u202e."
                + " Only datagrams are printed to stdout; the address and the totals are printed to stderr."
                + " SIGTERM and SIGINT end it.",
        ""
}, mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
public final class ListenCommand implements Callable<Integer> {

    /** The options for how a payload is printed. */
    static final class Format {
        @Option(names = "--hex", description = "Print the payload in hexadecimal.")
        private boolean hex;

        @Option(names = "--text", description = "Print the payload as text. This is the default.")
        @SuppressWarnings("UnusedVariable") // It exists to exclude --hex.
        private boolean text;
    }

    private final Console console;

    @Parameters(paramLabel = "PORT|GROUP", arity = "0..*", description = "A port to listen on, on all addresses, or HOST:PORT, as --bind; or a multicast group to join. With a"
            + " group, other programs may listen on the same port.")
    private List<String> named = List.of();

    @Option(names = "--bind", paramLabel = "HOST:PORT", converter = HostPort.Converter.class, description = "The address to listen on, by default 127.0.0.1:9999, or with"
            + " a group 0.0.0.0:9999 or [::]:9999. Without a host it is all addresses.")
    private @Nullable HostPort bind;

    @ArgGroup
    private Family.Choice family = new Family.Choice();

    @Option(names = "--interface", paramLabel = "IF", description = "The interface to join each group on: a name, an index or an address. By default the kernel chooses by its routes.")
    private @Nullable String networkInterface;

    @Option(names = "--rcvbuf", paramLabel = "BYTES", converter = Bytes.class, defaultValue = ReceiveBuffer.USUAL, description = "The receive buffer to ask for, by default "
            + ReceiveBuffer.USUAL + ".")
    private int receiveBuffer;

    @Option(names = "--count", paramLabel = "N", description = "End after N datagrams, at least 1.")
    private @Nullable Long count;

    @ArgGroup
    private Format format = new Format();

    @Option(names = "--json", description = "Print a JSON object for each datagram, with \"text\" if it is UTF-8, otherwise with \"hex\".")
    private boolean json;

    public ListenCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (count != null && count < 1) {
            throw new BadArgumentsException("--count must be at least 1");
        }
        var place = Place.of(bind, named);
        if (networkInterface != null && place.groups().isEmpty()) {
            throw new BadArgumentsException("--interface needs at least one group to join");
        }
        var address = place.resolve(family.family());
        try (var reactor = Reactor.open()) {
            var listener = new Listener(reactor, console, new DatagramLine(console, json, format.hex), count);
            var protocol = new ServedPorts("listen", reactor, listener);
            var options = PortOptions.defaults().withInterface(address.literal())
                    .withListenMultiple(!place.groups().isEmpty());
            var transport = reactor.listenUdp(address.port(), protocol, options);
            var granted = ReceiveBuffer.grow(transport.socket(), receiveBuffer);
            if (granted < receiveBuffer) {
                console.warn("the receive buffer is " + granted + " bytes, not the " + receiveBuffer
                        + " asked for: net.core.rmem_max allows no more");
            }
            join(transport, place.groups());
            new Drain(reactor, List.of(transport)).onSignals();
            console.warn("listening on " + transport.localAddress());
            reactor.run();
            console.flush();
            tellTotals(listener, Traffic.of(List.of(transport.statistics()), 0));
            return protocol.exitCode();
        }
    }

    private void join(DatagramTransport transport, List<Group> groups) throws IOException {
        var where = networkInterface == null ? "" : networkInterface;
        try {
            Multicast.interfaceIndex(where);
        } catch (IllegalArgumentException e) {
            throw new BadArgumentsException(String.valueOf(e.getMessage()));
        }
        for (var group : groups) {
            transport.joinGroup(group.literal(), where);
        }
    }

    private void tellTotals(Listener listener, Traffic traffic) {
        var dropped = traffic.dropped();
        console.warn(String.format(
                Locale.ROOT,
                "total: %d datagrams (%d bytes), dropped: %s by the kernel, %d truncated",
                listener.datagrams(),
                listener.bytes(),
                dropped.byKernel() < 0 ? "an unknown number" : Long.toString(dropped.byKernel()),
                dropped.cut()));
    }
}
