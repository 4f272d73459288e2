package dev.salvo.cli.console;

import dev.salvo.socket.Datagram;
import java.util.HexFormat;

/**
 * Prints one line for each received datagram: its source, its length and its payload.
 *
 * @param console the console to print to
 * @param json whether to print a JSON object
 * @param hex whether to print the payload in hexadecimal
 */
public record DatagramLine(Console console, boolean json, boolean hex) {

    /** Prints the line. Returns false if writing to stdout failed. */
    public boolean print(Datagram datagram) {
        var bytes = new byte[datagram.length()];
        datagram.copyTo(bytes);
        var source = datagram.source().toString();
        return console.line(json ? json(source, bytes) : text(source, bytes));
    }

    private String text(String source, byte[] bytes) {
        var shown = hex ? HexFormat.of().formatHex(bytes) : new Payload(bytes).escaped(console.encoder());
        return source + " " + bytes.length + (bytes.length == 0 ? "" : " " + shown);
    }

    /** The object has "text" if the payload is valid UTF-8, otherwise "hex". */
    private String json(String source, byte[] bytes) {
        var line = new Json().put("source", source).put("length", bytes.length);
        var text = new Payload(bytes).utf8().filter(valid -> !hex);
        return (text.isPresent() ? line.put("text", text.get()) : line.put("hex", HexFormat.of().formatHex(bytes)))
                .toString();
    }
}
