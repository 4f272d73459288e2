package dev.salvo.examples;

import dev.salvo.socket.Datagram;
import java.nio.charset.StandardCharsets;

/** Payloads as text. */
final class Text {

    private Text() {}

    /** The payload as ASCII, fit to be printed: a peer must not be able to send commands to the terminal. */
    static String of(Datagram datagram) {
        return StandardCharsets.US_ASCII.decode(datagram.asByteBuffer()).toString().replaceAll("[^ -~]", "?");
    }

    /** The bytes of ASCII text. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
