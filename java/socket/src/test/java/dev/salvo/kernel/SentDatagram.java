package dev.salvo.kernel;

import dev.salvo.socket.SockAddr;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A datagram that a real kernel would have sent.
 *
 * @param destination null for the peer of a connected socket
 * @param payload its bytes as ISO 8859-1 text
 * @param options as {@link SentMessage#options}
 */
public record SentDatagram(@Nullable SockAddr destination, String payload, String options) {

    public boolean isTo(@Nullable SockAddr address) {
        return Objects.equals(destination, address);
    }

    @Override
    public String toString() {
        var text = payload.length() <= 12 ? payload : payload.substring(0, 12) + "... " + payload.length();
        return "'" + text + "' to " + destination;
    }
}
