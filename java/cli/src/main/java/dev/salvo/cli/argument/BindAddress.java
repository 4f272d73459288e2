package dev.salvo.cli.argument;

import dev.salvo.socket.SockAddr;
import java.util.Arrays;

/**
 * An address and a port, and how they were written.
 *
 * @param literal the address as text, without brackets
 * @param address the parsed address with the port
 */
public record BindAddress(String literal, SockAddr address) {

    /** The address ::1. */
    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    public static BindAddress of(SockAddr address) {
        return new BindAddress(address.host(), address);
    }

    public static BindAddress of(String literal, int port) {
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
}
