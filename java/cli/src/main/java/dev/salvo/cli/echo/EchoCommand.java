package dev.salvo.cli.echo;

import dev.salvo.cli.argument.BindAddress;
import dev.salvo.cli.argument.Family;
import dev.salvo.cli.argument.Seconds;
import dev.salvo.cli.console.Console;
import dev.salvo.cli.console.Version;
import dev.salvo.cli.service.Drain;
import dev.salvo.cli.service.ServedPorts;
import dev.salvo.cli.service.Ticker;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.PortStatistics;
import dev.salvo.reactor.Reactor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code salvo echo}. */
@Command(name = "echo", header = "Sends every datagram back to its source.", description = {
        "",
        "Prints the addresses that it listens on, and totals when it ends. SIGTERM and SIGINT end it, after it has"
                + " served what the kernel has already received.",
        "",
        "An echo that other machines can reach is a reflector: it answers to any address that a datagram gives as its"
                + " spoofed source. Bind it to loopback, or put it behind a filter.",
        ""
}, mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
public final class EchoCommand implements Callable<Integer> {

    private final Console console;

    @ArgGroup
    private EchoSource source = new EchoSource();

    @ArgGroup
    private Family.Choice family = new Family.Choice();

    @Option(names = "--no-coalesce", description = "Do not coalesce datagrams with UDP_GRO and UDP_SEGMENT; the kernel handles each datagram singly.")
    private boolean plain;

    @Option(names = "--stats", paramLabel = "SECONDS", converter = Seconds.class, description = "Print a line of statistics every SECONDS seconds.")
    private @Nullable Duration period;

    @Option(names = "--json", description = "Print JSON, one object on each line.")
    private boolean json;

    public EchoCommand(Console console) {
        this.console = console;
    }

    /**
     * Makes the command for {@code echo} and {@code echo --bind HOST:PORT} without picocli, which would add 0.15 s to
     * the start.
     *
     * @return the same command as picocli would make; null for other arguments, and for an address that picocli has to
     * report as wrong
     */
    public static @Nullable EchoCommand ofBind(Console console, String... arguments) {
        var count = arguments.length;
        if ((count != 1 && count != 3) || !arguments[0].equals("echo")) {
            return null;
        }
        var echo = new EchoCommand(console);
        return count == 1 || (arguments[1].equals("--bind") && echo.source.bind(arguments[2])) ? echo : null;
    }

    @Override
    public Integer call() throws IOException {
        try (var reactor = Reactor.open()) {
            var options = PortOptions.defaults().withCoalescing(!plain);
            var protocol = new ServedPorts(
                    "echo", reactor, (datagram, port) -> port.write(datagram, datagram.source()));
            var ports = source.open(reactor, protocol, options, family.family());
            var report = new EchoReport(console, json, System::nanoTime);
            for (var port : ports) {
                var bound = BindAddress.of(port.localAddress());
                if (!bound.isLoopback()) {
                    console.warn(
                            "warning: " + bound + " is not a loopback address: anybody who can reach it can make this"
                                    + " echo send to a spoofed source address");
                }
            }
            new Drain(reactor, ports).onSignals();
            ports.forEach(port -> report.listening(BindAddress.of(port.localAddress())));
            if (period != null) {
                new Ticker(reactor, period, () -> report.progress(statistics(ports))).start();
            }
            reactor.run();
            report.total(statistics(ports));
            return protocol.exitCode();
        }
    }

    private static List<PortStatistics> statistics(List<DatagramTransport> ports) {
        return ports.stream().map(DatagramTransport::statistics).toList();
    }
}
