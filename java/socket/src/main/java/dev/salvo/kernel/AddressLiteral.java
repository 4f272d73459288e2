package dev.salvo.kernel;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Parses IP address literals as strictly as inet_pton(3) does, without a resolver, and writes them. */
public final class AddressLiteral {

    /** The length of the longest literal without a scope, less the final 0 of INET6_ADDRSTRLEN. */
    private static final int LONGEST = 45;

    private static final int GROUPS = 8;
    /** The place of {@code ::} in an address that has none. */
    private static final int NO_GAP = -1;

    private AddressLiteral() {}

    /** The 4 or 16 bytes of an address literal without a scope; null if the text is anything else. */
    public static byte @Nullable [] parse(String text) {
        return text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text);
    }

    /** The literal of 4 or 16 bytes, which {@link #parse} reads back. */
    public static String text(byte[] bytes) {
        return bytes.length == 16
                ? ipv6Text(bytes)
                : (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff);
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
     * Not by InetAddress.ofLiteral, which accepts groups of more than four digits, and leading zeros in an IPv4 tail.
     */
    private static byte @Nullable [] ipv6(String text) {
        var gap = text.startsWith("::") ? 0 : NO_GAP;
        if (text.length() > LONGEST || (gap == NO_GAP && text.startsWith(":"))) {
            return null;
        }
        var bytes = new byte[16];
        int used = 0;
        int at = gap == 0 ? 2 : 0;
        while (at < text.length()) {
            var colon = text.indexOf(':', at);
            var part = colon < 0 ? text.substring(at) : text.substring(at, colon);
            var read = colon < 0 && part.indexOf('.') >= 0 ? ipv4(part) : group(part);
            if (read == null || used + read.length > bytes.length || colon == text.length() - 1) {
                return null;
            }
            System.arraycopy(read, 0, bytes, used, read.length);
            used += read.length;
            at += part.length() + 1;
            if (text.startsWith(":", at)) {
                if (gap != NO_GAP) {
                    return null;
                }
                gap = used;
                at++;
            }
        }
        if (gap == NO_GAP) {
            return used == bytes.length ? bytes : null;
        }
        return used < bytes.length ? spread(bytes, gap, used) : null;
    }

    /** The two bytes of one to four hexadecimal digits; null for anything else. */
    private static byte @Nullable [] group(String digits) {
        if (digits.isEmpty() || digits.length() > 4 || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            return null;
        }
        var value = HexFormat.fromHexDigits(digits);
        return new byte[]{(byte) (value >> 8), (byte) value};
    }

    /** Moves what follows the gap to the end. */
    private static byte[] spread(byte[] bytes, int gap, int used) {
        var spread = new byte[16];
        System.arraycopy(bytes, 0, spread, 0, gap);
        System.arraycopy(bytes, gap, spread, spread.length - (used - gap), used - gap);
        return spread;
    }

    /**
     * As RFC 5952 recommends: no leading zeros, small letters, {@code ::} for the longest stretch of two or more groups
     * that are 0, and an IPv4-mapped address with the IPv4 address in its own form.
     */
    private static String ipv6Text(byte[] bytes) {
        var address = ByteBuffer.wrap(bytes);
        if (address.getLong(0) == 0 && address.getInt(8) == 0xffff) {
            return "::ffff:" + text(Arrays.copyOfRange(bytes, 12, 16));
        }
        int gap = NO_GAP;
        int gapLength = 1;
        for (int from = 0; from < GROUPS; from++) {
            int to = from;
            while (to < GROUPS && address.getShort(2 * to) == 0) {
                to++;
            }
            if (to - from > gapLength) {
                gap = from;
                gapLength = to - from;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(Short.toUnsignedInt(address.getShort(2 * i))));
            }
        }
        return text.toString();
    }
}
