package dev.salvo.cli.listen;

import dev.salvo.cli.argument.BadArgumentsException;
import dev.salvo.cli.argument.BindAddress;
import dev.salvo.cli.argument.Group;
import dev.salvo.cli.console.Console;
import dev.salvo.cli.console.DatagramLine;
import dev.salvo.cli.console.Version;
import dev.salvo.cli.service.Drain;
import dev.salvo.cli.service.OnlyPort;
import dev.salvo.cli.service.Traffic;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
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
        "Control characters, bytes that are not UTF-8 and invisible characters are written as \\n, \\x1b or \\u202e."
                + " Only datagrams are printed to stdout; the address and the totals are printed to stderr.",
        "", "SIGTERM and SIGINT end it.", ""
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

    @Parameters(paramLabel = "GROUP", arity = "0..*", description = "A multicast group to join. With a group, other programs may listen on the same port.")
    private List<String> named = List.of();

    @Option(names = "--bind", paramLabel = "ADDR:PORT", converter = BindAddress.Converter.class, description = "The address to listen on, by default 127.0.0.1:9999, or with"
            + " a GROUP 0.0.0.0:9999 or [::]:9999.")
    private @Nullable BindAddress bind;

    @Option(names = "--interface", paramLabel = "IF", description = "The interface to join each GROUP on: a name, an index or an address. By default the kernel chooses by its routes.")
    private @Nullable String networkInterface;

    @Option(names = "--count", paramLabel = "N", description = "End after N datagrams, at least 1.")
    private @Nullable Long count;

    @ArgGroup
    private Format format = new Format();

    @Option(names = "--json", description = "Print a JSON object for each datagram, with \"text\" if it is UTF-8, otherwise with \"hex\".")
    private boolean json;

    private List<Group> groups = List.of();
    private long datagrams;
    private long bytes;

    public ListenCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (count != null && count < 1) {
            throw new BadArgumentsException("--count must be at least 1");
        }
        groups = named.stream().map(Group::parse).toList();
        var address = address();
        try (var reactor = Reactor.open()) {
            var line = new DatagramLine(console, json, format.hex);
            var options = PortOptions.defaults().withInterface(address.literal()).withListenMultiple(!groups.isEmpty());
            var protocol = new OnlyPort("listen", reactor, (datagram, port) -> received(datagram, line, reactor));
            var transport = reactor.listenUdp(address.port(), protocol, options);
            join(transport);
            new Drain(reactor, transport).onSignals();
            console.warn("listening on " + transport.localAddress());
            reactor.run();
            tellTotals(Traffic.of(transport.statistics(), 0));
            return protocol.exitCode();
        }
    }

    private BindAddress address() {
        if (networkInterface != null && groups.isEmpty()) {
            throw new BadArgumentsException("--interface needs at least one GROUP to join");
        }
        var ipv6 = groups.stream().anyMatch(Group::ipv6);
        if (bind == null) {
            return BindAddress.parse(groups.isEmpty() ? "127.0.0.1:9999" : ipv6 ? "[::]:9999" : "0.0.0.0:9999");
        }
        var ip = bind.address().toInetSocketAddress().getAddress();
        if (!groups.isEmpty() && !ip.isAnyLocalAddress() && !ip.isMulticastAddress()) {
            throw new BadArgumentsException(
                    bind + " cannot receive datagrams to a group: bind 0.0.0.0, [::] or the group itself");
        }
        if (ipv6 && !bind.address().isIpv6()) {
            throw new BadArgumentsException(bind + " cannot receive datagrams to an IPv6 group: bind [::]");
        }
        return bind;
    }

    private void join(DatagramTransport transport) throws IOException {
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

    private void received(Datagram datagram, DatagramLine line, Reactor reactor) {
        if (count != null && datagrams == count) {
            // This datagram is behind the last one to print, in the same batch.
            return;
        }
        datagrams++;
        bytes += datagram.length();
        if (!line.print(datagram) || (count != null && datagrams == count)) {
            reactor.stop();
        }
    }

    private void tellTotals(Traffic traffic) {
        var dropped = traffic.dropped();
        console.warn(String.format(
                Locale.ROOT,
                "total: %d datagrams (%d bytes), dropped: %s by the kernel, %d truncated",
                datagrams,
                bytes,
                dropped.byKernel() < 0 ? "an unknown number" : Long.toString(dropped.byKernel()),
                dropped.cut()));
    }
}
