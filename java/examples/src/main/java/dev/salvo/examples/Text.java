package dev.salvo.examples;

import dev.salvo.socket.Datagram;
import java.nio.charset.StandardCharsets;

/** Converts between payloads and text. */
final class Text {

    private Text() {}

    /** Returns the payload as printable ASCII, so that a peer cannot send control characters to the terminal. */
    static String of(Datagram datagram) {
        return StandardCharsets.US_ASCII.decode(datagram.asByteBuffer()).toString().replaceAll("[^ -~]", "?");
    }

    /** Encodes ASCII text. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
