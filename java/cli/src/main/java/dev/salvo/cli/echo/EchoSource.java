package dev.salvo.cli.echo;

import dev.salvo.cli.argument.BindAddress;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.handover.SystemdSockets.Inherited;
import dev.salvo.socket.handover.SystemdSockets;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that give the echo its port: an address to listen on, or a socket that another process has opened. */
final class EchoSource {

    private static final String USUAL = "127.0.0.1:9999";

    @Option(names = "--bind", paramLabel = "ADDR:PORT", converter = BindAddress.Converter.class, description = "The address to listen on, by default "
            + USUAL + ". IPv6 addresses are in brackets: [::1]:9999 or%n[fe80::1%%eth0]:9999."
            + " For port 0 the kernel chooses a free port.")
    private @Nullable BindAddress bind;

    @Option(names = "--fd", paramLabel = "N", description = "Serve the UDP socket that this process has inherited as file descriptor N.")
    private @Nullable Integer descriptor;

    @Option(names = "--systemd", paramLabel = "NAME", arity = "0..1", fallbackValue = "", description = "Serve the socket that systemd has passed to this process: the one called NAME, or the only one.")
    private @Nullable String systemd;

    /** Sets the address to listen on. Returns false if the text is not an address. */
    boolean bind(String text) {
        try {
            bind = BindAddress.parse(text);
            return true;
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            return false;
        }
    }

    DatagramTransport open(Reactor reactor, DatagramProtocol protocol, PortOptions options) throws IOException {
        if (systemd != null) {
            return reactor.adoptDatagramPort(choose(SystemdSockets.fromEnvironment().inherited(), systemd), protocol,
                    options);
        }
        if (descriptor != null) {
            return reactor.adoptDatagramPort(descriptor, protocol, options);
        }
        var address = bind != null ? bind : BindAddress.parse(USUAL);
        return reactor.listenUdp(address.port(), protocol, options.withInterface(address.literal()));
    }

    /** Returns the descriptor with the given name, or the only descriptor if the name is empty. */
    static int choose(List<Inherited> inherited, String name) throws IOException {
        var fitting = inherited.stream().filter(each -> name.isEmpty() || each.name().equals(name)).toList();
        if (fitting.size() == 1) {
            return fitting.getFirst().descriptor();
        }
        if (inherited.isEmpty()) {
            throw new IOException("systemd passed no socket to this process: LISTEN_FDS is not set, or LISTEN_PID does"
                    + " not name this process");
        }
        var names = inherited.stream().map(Inherited::name).collect(Collectors.joining(", "));
        throw new IOException("systemd passed the sockets " + names + ": select exactly one by its name,"
                + " --systemd=NAME");
    }
}
