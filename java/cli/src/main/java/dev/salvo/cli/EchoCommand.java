package dev.salvo.cli;

import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.Reactor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** salvo echo. */
@Command(name = "echo", header = "Sends every datagram back to where it came from.", description = {
        "",
        "Prints the address that it listens on, and totals at the end. SIGTERM and SIGINT end it, after it has served"
                + " what the kernel has received.",
        "",
        "On an address that others can reach, an echo sends to whoever a spoofed source names: a reflector. Keep it on"
                + " loopback, or behind a filter.",
        ""
}, mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
final class EchoCommand implements Callable<Integer> {

    private final Console console;

    @ArgGroup
    private EchoSource source = new EchoSource();

    @Option(names = "--no-coalesce", description = "Have the kernel handle each datagram by itself, without UDP_GRO and UDP_SEGMENT.")
    private boolean plain;

    @Option(names = "--stats", paramLabel = "SECONDS", converter = Seconds.class, description = "Print a line of statistics every so often.")
    private @Nullable Duration period;

    @Option(names = "--json", description = "Print JSON, an object on each line.")
    private boolean json;

    EchoCommand(Console console) {
        this.console = console;
    }

    /**
     * The echo of {@code echo} and {@code echo --bind ADDR:PORT}, as picocli would make it, which takes 0.15 s of a
     * start for that.
     *
     * @return null for other arguments, and for those that picocli has to say something about
     */
    static @Nullable EchoCommand ofBind(Console console, String... arguments) {
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
            var transport = source.open(
                    reactor, (datagram, port) -> port.write(datagram, datagram.source()), options);
            var bound = BindAddress.parse(transport.localAddress().toString());
            if (!bound.isLoopback()) {
                console.warn(
                        "warning: " + bound + " is not a loopback address: whoever reaches it can have this echo send"
                                + " to a spoofed source");
            }
            new Drain(reactor, transport).onSignals();
            var report = new EchoReport(console, json, System::nanoTime);
            report.listening(bound);
            if (period != null) {
                new Ticker(reactor, period, () -> report.progress(transport.statistics())).start();
            }
            reactor.run();
            report.total(transport.statistics());
        }
        return 0;
    }
}
