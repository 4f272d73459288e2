package dev.salvo.socket.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Tells IP address literals from anything else, as strictly as inet_pton(3), without asking a resolver. */
public final class AddressLiteral {

    private AddressLiteral() {}

    /** The 4 or 16 bytes of a literal without a scope; null for anything else. */
    public static byte @Nullable [] parse(String text) {
        return text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text);
    }

    /** The literal of an IPv4 address. */
    public static String text(byte[] ipv4) {
        return (ipv4[0] & 0xff) + "." + (ipv4[1] & 0xff) + "." + (ipv4[2] & 0xff) + "." + (ipv4[3] & 0xff);
    }

    /** The address of 4 or 16 bytes; an IPv4-mapped one is the IPv4 address that it maps. */
    public static InetAddress unmapped(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are always an address", e);
        }
    }

    /** The literal before {@code %}, which is the whole text where there is none. */
    public static String withoutScope(String text) {
        var percent = text.indexOf('%');
        return percent < 0 ? text : text.substring(0, percent);
    }

    /** InetAddress.ofLiteral takes 127.1 and 0177.0.0.1; inet_pton takes four plain decimal parts alone. */
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

    /** 0 to 255 in decimal digits without a leading zero; -1 for anything else. */
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

    /** InetAddress.ofLiteral takes groups of any number of zeros and digits, and leading zeros in an IPv4 tail. */
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

    /** ofLiteral unwraps {@code ::ffff:1.2.3.4}, which is an IPv6 address to the kernel. */
    private static byte[] mapped(byte[] ipv4) {
        var bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(ipv4, 0, bytes, 12, 4);
        return bytes;
    }
}
