package dev.salvo.cli.argument;

import dev.salvo.socket.SockAddr;
import java.util.Arrays;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An address and a port as they are written on the command line: {@code 127.0.0.1:9999}, {@code [::1]:9999} or
 * {@code [fe80::1%eth0]:9999}.
 *
 * @param literal the address as it was given, without the brackets
 * @param address the parsed address with the port
 */
public record BindAddress(String literal, SockAddr address) {

    private static final Pattern SYNTAX = Pattern.compile(
            "(?:\\[(?<ipv6>[^\\[\\]]+)]|(?<ipv4>[^:\\[\\]]+)):(?<port>[0-9]{1,9})");

    /** The address ::1. */
    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    public static BindAddress parse(String text) {
        var parts = SYNTAX.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not ADDR:PORT, for instance 127.0.0.1:9999 or [::1]:9999");
        }
        var literal = parts.group("ipv6") != null ? parts.group("ipv6") : parts.group("ipv4");
        var port = Integer.parseInt(parts.group("port"));
        var address = SockAddr.of(literal, port);
        if (address.isIpv6() != (parts.group("ipv6") != null)) {
            throw new IllegalArgumentException(
                    "an IPv6 address must be in brackets, an IPv4 address must not: " + text);
        }
        return new BindAddress(literal, address);
    }

    /** The same address with another port, which the kernel chose. */
    public BindAddress withPort(int port) {
        return new BindAddress(literal, SockAddr.of(literal, port));
    }

    public int port() {
        return address.port();
    }

    /** Whether only this machine can reach the address. */
    public boolean isLoopback() {
        var bytes = address.address();
        return bytes.length == 4
                ? bytes[0] == 127
                : address.isIpv4Mapped() ? bytes[12] == 127 : Arrays.equals(bytes, IPV6_LOOPBACK);
    }

    /** The address as {@code SockAddr} writes it, but with the scope as it was given. */
    @Override
    public String toString() {
        var scope = literal.indexOf('%');
        return scope < 0
                ? address.toString()
                : "[" + withoutScope(address.host()) + literal.substring(scope) + "]:" + port();
    }

    private static String withoutScope(String host) {
        var scope = host.indexOf('%');
        return scope < 0 ? host : host.substring(0, scope);
    }

    /** Converts an argument for picocli. */
    public static final class Converter implements ITypeConverter<BindAddress> {
        @Override
        public BindAddress convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
