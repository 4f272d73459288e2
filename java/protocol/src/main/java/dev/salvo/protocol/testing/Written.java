package dev.salvo.protocol.testing;

import dev.salvo.socket.SockAddr;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A datagram that was written to a {@link FakeDatagramTransport}.
 *
 * @param payload its bytes
 * @param destination where it was to go
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode look into it
public record Written(byte[] payload, SockAddr destination) {

    /**
     * The payload as text.
     *
     * @return its bytes, read as UTF-8
     */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Written that
                && Arrays.equals(payload, that.payload)
                && destination.equals(that.destination);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(payload) + destination.hashCode();
    }

    @Override
    public String toString() {
        return payload.length + " bytes to " + destination;
    }
}
