package dev.salvo.cli.console;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Prints a line for each received datagram: its source, its length and its payload. */
public final class DatagramLine {

    private final Console console;
    private final CharsetEncoder encoder;
    private final boolean json;
    private final boolean hex;
    /** The last source, as a key and as it is printed: it is often the next one too. */
    private @Nullable SockAddr source;
    private String sourceText = "";

    /** Prints text, or hexadecimal, or JSON objects with either. */
    public DatagramLine(Console console, boolean json, boolean hex) {
        this.console = console;
        this.encoder = console.encoder();
        this.json = json;
        this.hex = hex;
    }

    /** Adds the line to the console's. Returns false if writing to stdout failed. */
    public boolean add(Datagram datagram) {
        var from = datagram.source();
        if (source == null || !from.equals(source)) {
            var kept = from.copy();
            source = kept;
            sourceText = unmapped(kept).toString();
        }
        var payload = datagram.bytes();
        return console.add(json ? json(payload) : text(payload));
    }

    /** A socket for both families has IPv4 sources in IPv6 form. As IPv4 they can be searched for, and sent to. */
    private static SockAddr unmapped(SockAddr address) {
        if (!address.isIpv4Mapped()) {
            return address;
        }
        try {
            // getByAddress returns an Inet4Address for a mapped address.
            return SockAddr.of(InetAddress.getByAddress(address.address()), address.port());
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of 16 bytes is always valid", e);
        }
    }

    private CharSequence text(byte[] bytes) {
        var line = new StringBuilder(sourceText.length() + bytes.length + 8);
        line.append(sourceText).append(' ').append(bytes.length);
        if (bytes.length > 0) {
            line.append(' ').append(hex ? HexFormat.of().formatHex(bytes) : shown(bytes));
        }
        return line;
    }

    private String shown(byte[] bytes) {
        for (var b : bytes) {
            if (b < ' ' || b > '~' || b == '\\') {
                return new Payload(bytes).escaped(encoder);
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** The object has "text" if the payload is valid UTF-8, otherwise "hex". */
    private String json(byte[] bytes) {
        var line = new Json().put("source", sourceText).put("length", bytes.length);
        var text = new Payload(bytes).utf8().filter(valid -> !hex);
        return (text.isPresent() ? line.put("text", text.get()) : line.put("hex", HexFormat.of().formatHex(bytes)))
                .toString();
    }
}
