package dev.salvo.cli.argument;

import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A host and a port as they are written on the command line: {@code 127.0.0.1:9999}, {@code [fe80::1%eth0]:9999},
 * {@code localhost:9999}, and for all addresses of this host {@code :9999} or {@code 9999}.
 *
 * @param host the address as text without brackets, a name, or "" for all addresses
 * @param port 0 to 65535
 * @param literal the address, if the host is one
 */
public record HostPort(String host, int port, @Nullable SockAddr literal) {

    private static final Pattern SYNTAX = Pattern.compile(
            "(?:(?:\\[(?<ipv6>[^\\[\\]]+)]|(?<host>[^:\\[\\]]*)):)?(?<port>[0-9]{1,9})");

    /** A host name (RFC 1123), with the underscore that many have. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,253}");

    /** Such a host is an address with a mistake: no name ends with a number (RFC 3696, 2). */
    private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)\\.?");

    /**
     * Parses a host and a port. Names are not looked up.
     *
     * @throws IllegalArgumentException with a sentence, if the text is something else
     */
    public static HostPort parse(String text) {
        var parts = SYNTAX.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text
                    + "' is not HOST:PORT, for instance 127.0.0.1:9999, localhost:9999 or [::1]:9999");
        }
        var port = Integer.parseInt(parts.group("port"));
        if (parts.group("ipv6") != null) {
            return literal(text, parts.group("ipv6"), port, true);
        }
        var host = parts.group("host") == null ? "" : parts.group("host");
        if (host.isEmpty() || isName(host)) {
            if (port > 65_535) {
                throw new IllegalArgumentException("port out of range: " + port);
            }
            return new HostPort(host, port, null);
        }
        return literal(text, host, port, false);
    }

    /** This host alone, by the given family or else by IPv4. */
    public static HostPort loopback(int port, Optional<Family> family) {
        var host = family.orElse(Family.IPV4).loopback();
        return new HostPort(host, port, SockAddr.of(host, port));
    }

    private static boolean isName(String host) {
        return NAME.matcher(host).matches() && !NUMERIC_END.matcher(host).matches();
    }

    private static HostPort literal(String text, String host, int port, boolean brackets) {
        var address = SockAddr.of(host, port);
        if (address.isIpv6() != brackets) {
            throw new IllegalArgumentException(
                    "an IPv6 address must be in brackets, an IPv4 address must not: " + text);
        }
        return new HostPort(host, port, address);
    }

    /** Whether this stands for all addresses of this host. */
    public boolean isAll() {
        return host.isEmpty();
    }

    /**
     * Finds the address. A name may be looked up in the network, which can take seconds.
     *
     * @param family the only family to use; empty for either, IPv4 first
     * @throws IOException if the name has no address of the family
     */
    public BindAddress resolve(Optional<Family> family) throws IOException {
        if (literal != null) {
            if (family.isPresent() && literal.isIpv6() != (family.get() == Family.IPV6)) {
                throw new BadArgumentsException(host + " is not an address of the family that "
                        + family.get().option() + " asks for");
            }
            return new BindAddress(host, literal);
        }
        if (host.isEmpty()) {
            return BindAddress.of((family.isEmpty() ? Family.forAll() : family.get()).any(), port);
        }
        return named(family);
    }

    private BindAddress named(Optional<Family> family) throws IOException {
        InetAddress[] found;
        try {
            found = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("no address found for the host " + host, e);
        }
        // The resolver's order is kept within a family.
        var ipv4 = Arrays.stream(found).filter(Inet4Address.class::isInstance).findFirst();
        var ipv6 = Arrays.stream(found).filter(each -> !(each instanceof Inet4Address)).findFirst();
        var chosen = family.isEmpty() ? ipv4.or(() -> ipv6) : family.get() == Family.IPV4 ? ipv4 : ipv6;
        return BindAddress.of(SockAddr.of(
                chosen.orElseThrow(() -> new IOException("the host " + host + " has no address of the family that "
                        + family.map(Family::option).orElse("") + " asks for")),
                port));
    }

    @Override
    public String toString() {
        return (literal != null && literal.isIpv6() ? "[" + host + "]" : host) + ":" + port;
    }

    /** Converts an argument for picocli. */
    public static final class Converter implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
