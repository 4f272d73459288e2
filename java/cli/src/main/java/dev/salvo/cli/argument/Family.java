package dev.salvo.cli.argument;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.Ipv6Options;
import java.net.StandardProtocolFamily;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A family of addresses. */
public enum Family {
    IPV4("-4", "0.0.0.0", "127.0.0.1"), IPV6("-6", "::", "::1");

    private final String option;
    private final String any;
    private final String loopback;

    Family(String option, String any, String loopback) {
        this.option = option;
        this.any = any;
        this.loopback = loopback;
    }

    /** The option of the command line that asks for this family. */
    public String option() {
        return option;
    }

    /** All addresses of this family. */
    public String any() {
        return any;
    }

    /** This host alone. */
    public String loopback() {
        return loopback;
    }

    /** The family whose {@link #any} receives most: IPv6, which receives IPv4 too, unless this kernel has it not so. */
    static Family forAll() {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET6)) {
            // net.ipv6.bindv6only
            return socket.get(Ipv6Options.V6ONLY) ? IPV4 : IPV6;
        } catch (SyscallException e) {
            return IPV4;
        }
    }

    /** The options that choose a family; a command has them as an ArgGroup, since they exclude each other. */
    public static final class Choice {

        @Option(names = "-4", description = "Use IPv4 alone: of a name, the first IPv4 address.")
        private boolean ipv4;

        @Option(names = "-6", description = "Use IPv6 alone: of a name, the first IPv6 address.")
        private boolean ipv6;

        /** The chosen family; empty if none was. */
        public Optional<Family> family() {
            return ipv4 ? Optional.of(IPV4) : ipv6 ? Optional.of(IPV6) : Optional.empty();
        }
    }
}
