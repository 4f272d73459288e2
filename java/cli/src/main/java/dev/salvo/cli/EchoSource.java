package dev.salvo.cli;

import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.protocol.Reactor;
import dev.salvo.socket.SystemdSockets;
import dev.salvo.socket.SystemdSockets.Inherited;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the echo has its port from: an address to listen on, or a socket that somebody else opened. */
final class EchoSource {

    private static final String USUAL = "127.0.0.1:9999";

    @Option(names = "--bind", paramLabel = "ADDR:PORT", converter = BindAddress.Converter.class, description = "Where to listen: "
            + USUAL + " unless told otherwise; [::1]:9999 or [fe80::1%%eth0]:9999 for"
            + " IPv6. Port 0 lets the kernel choose.")
    private @Nullable BindAddress bind;

    @Option(names = "--fd", paramLabel = "N", description = "Serve the UDP socket that is open as this descriptor.")
    private @Nullable Integer descriptor;

    @Option(names = "--systemd", paramLabel = "NAME", arity = "0..1", fallbackValue = "", description = "Serve the socket that systemd hands over: the only one, or that of this name.")
    private @Nullable String systemd;

    /** Whether that is an address to listen on. */
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

    /** The descriptor of that name, or the only one if the name is empty. */
    static int choose(List<Inherited> inherited, String name) throws IOException {
        var fitting = inherited.stream().filter(each -> name.isEmpty() || each.name().equals(name)).toList();
        if (fitting.size() == 1) {
            return fitting.getFirst().descriptor();
        }
        if (inherited.isEmpty()) {
            throw new IOException("systemd handed no socket to this process: LISTEN_FDS or its LISTEN_PID is missing");
        }
        var names = inherited.stream().map(Inherited::name).collect(Collectors.joining(", "));
        throw new IOException("systemd handed over " + names + ": say --systemd=NAME with the name of exactly one");
    }
}
