package dev.salvo.cli;

import dev.salvo.socket.Datagram;
import java.util.HexFormat;

/**
 * One line for each datagram that came: where from, how long, and what it says.
 *
 * @param console where it goes
 * @param json whether as a JSON object
 * @param hex whether its bytes are shown by their numbers
 */
record DatagramLine(Console console, boolean json, boolean hex) {

    /** Prints it: false if nobody reads any more. */
    boolean print(Datagram datagram) {
        var bytes = new byte[datagram.length()];
        datagram.copyTo(bytes);
        var source = datagram.source().toString();
        return console.line(json ? json(source, bytes) : text(source, bytes));
    }

    private String text(String source, byte[] bytes) {
        var shown = hex ? HexFormat.of().formatHex(bytes) : new Payload(bytes).escaped(console.encoder());
        return source + " " + bytes.length + (bytes.length == 0 ? "" : " " + shown);
    }

    /** With "text" if it is UTF-8, else with "hex". */
    private String json(String source, byte[] bytes) {
        var line = new Json().put("source", source).put("length", bytes.length);
        var text = new Payload(bytes).utf8().filter(valid -> !hex);
        return (text.isPresent() ? line.put("text", text.get()) : line.put("hex", HexFormat.of().formatHex(bytes)))
                .toString();
    }
}
