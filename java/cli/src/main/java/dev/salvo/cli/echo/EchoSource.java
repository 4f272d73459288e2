package dev.salvo.cli.echo;

import dev.salvo.cli.argument.Family;
import dev.salvo.cli.argument.HostPort;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.protocol.PortOptions;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.handover.SystemdSockets;
import dev.salvo.socket.handover.SystemdSockets.Inherited;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that give the echo its ports: an address to listen on, or sockets that another process has opened. */
final class EchoSource {

    private static final int USUAL_PORT = 9999;

    @Option(names = "--bind", paramLabel = "HOST:PORT", converter = HostPort.Converter.class, description = "The address to listen on, by default 127.0.0.1:9999. Without a host (:9999) it is all addresses."
            + " IPv6 is in brackets: [::1]:9999 or%n[fe80::1%%eth0]:9999. For port 0 the kernel chooses a free one.")
    private @Nullable HostPort bind;

    @Option(names = "--fd", paramLabel = "N", description = "Serve the UDP socket that this process has inherited as file descriptor N.")
    private @Nullable Integer descriptor;

    @Option(names = "--systemd", paramLabel = "NAME", arity = "0..1", fallbackValue = "", description = "Serve the sockets that systemd has passed to this process: those called NAME, or all.")
    private @Nullable String systemd;

    /** Sets the address to listen on. Returns false if the text is not an address. */
    boolean bind(String text) {
        try {
            bind = HostPort.parse(text);
            return true;
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            return false;
        }
    }

    List<DatagramTransport> open(Reactor reactor, DatagramProtocol protocol, PortOptions options,
            Optional<Family> family) throws IOException {
        if (systemd != null) {
            return adopt(reactor, protocol, options, systemd);
        }
        if (descriptor != null) {
            return List.of(reactor.adoptDatagramPort(descriptor, protocol, options));
        }
        var wanted = bind != null ? bind : HostPort.loopback(USUAL_PORT, family);
        var address = wanted.resolve(family);
        return List.of(reactor.listenUdp(address.port(), protocol, options.withInterface(address.literal())));
    }

    private static List<DatagramTransport> adopt(Reactor reactor, DatagramProtocol protocol, PortOptions options,
            String name) throws IOException {
        var ports = new ArrayList<DatagramTransport>();
        for (var each : choose(SystemdSockets.fromEnvironment().inherited(), name)) {
            try {
                ports.add(reactor.adoptDatagramPort(each.descriptor(), protocol, options));
            } catch (IOException e) {
                throw new IOException("the socket " + each.name() + " of systemd (descriptor " + each.descriptor()
                        + "): " + e.getMessage(), e);
            }
        }
        return ports;
    }

    /** Returns the sockets with the given name, or all if the name is empty: at least one. */
    static List<Inherited> choose(List<Inherited> inherited, String name) throws IOException {
        if (inherited.isEmpty()) {
            throw new IOException("systemd passed no socket to this process: LISTEN_FDS is not set, or LISTEN_PID does"
                    + " not name this process");
        }
        var fitting = inherited.stream().filter(each -> name.isEmpty() || each.name().equals(name)).toList();
        if (fitting.isEmpty()) {
            var names = inherited.stream().map(Inherited::name).distinct().collect(Collectors.joining(", "));
            throw new IOException("systemd passed no socket called " + name + ", but " + names);
        }
        return fitting;
    }
}
