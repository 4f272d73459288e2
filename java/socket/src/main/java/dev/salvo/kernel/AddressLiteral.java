package dev.salvo.kernel;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Parses IP address literals as strictly as inet_pton(3) does, without a resolver, and writes them. */
public final class AddressLiteral {

    private AddressLiteral() {}

    /** The 4 or 16 bytes of an address literal without a scope; null if the text is anything else. */
    public static byte @Nullable [] parse(String text) {
        return text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text);
    }

    /** The literal of an IPv4 address, which has 4 bytes. */
    public static String text(byte[] ipv4) {
        return (ipv4[0] & 0xff) + "." + (ipv4[1] & 0xff) + "." + (ipv4[2] & 0xff) + "." + (ipv4[3] & 0xff);
    }

    /** The address of 4 or 16 bytes. An IPv4-mapped address is returned as the IPv4 address that it contains. */
    public static InetAddress unmapped(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    /** The text before {@code %}, or the whole text if it has no {@code %}. */
    public static String withoutScope(String text) {
        var percent = text.indexOf('%');
        return percent < 0 ? text : text.substring(0, percent);
    }

    /** InetAddress.ofLiteral accepts 127.1 and 0177.0.0.1; inet_pton accepts only four plain decimal parts. */
    private static byte @Nullable [] ipv4(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        var bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            var octet = octet(parts[i]);
            if (octet < 0) {
                return null;
            }
            bytes[i] = (byte) octet;
        }
        return bytes;
    }

    /** The value of 0 to 255 in decimal digits without a leading zero; -1 for anything else. */
    private static int octet(String digits) {
        if (digits.isEmpty() || digits.length() > 3 || (digits.charAt(0) == '0' && digits.length() > 1)) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            var c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = 10 * value + c - '0';
        }
        return value <= 255 ? value : -1;
    }

    /**
     * The pattern refuses what InetAddress.ofLiteral accepts and inet_pton does not: groups of more than four digits,
     * and leading zeros in an IPv4 tail.
     */
    private static byte @Nullable [] ipv6(String text) {
        var tail = text.substring(text.lastIndexOf(':') + 1);
        if (!text.matches("([0-9A-Fa-f]{0,4}:)+([0-9A-Fa-f]{0,4}|[0-9]+([.][0-9]+){3})")
                || (tail.indexOf('.') >= 0 && ipv4(tail) == null)) {
            return null;
        }
        byte[] bytes;
        try {
            bytes = InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
        return bytes.length == 16 ? bytes : mapped(bytes);
    }

    /** ofLiteral returns {@code ::ffff:1.2.3.4} as an IPv4 address; for the kernel it is an IPv6 address. */
    private static byte[] mapped(byte[] ipv4) {
        var bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(ipv4, 0, bytes, 12, 4);
        return bytes;
    }
}
