package dev.salvo.protocol.testing;

import dev.salvo.protocol.MessageLengthException;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A datagram that was written to a {@link FakeDatagramTransport}.
 *
 * @param payload the bytes of the datagram
 * @param destination the address that it was written to
 * @param options a copy of the options that it was written with; none is set if it was written without options
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode compare its contents
public record Written(byte[] payload, SockAddr destination, SendOptions options) {

    private static final int IPV4_LARGEST = 65_507;
    private static final int IPV6_LARGEST = 65_527;

    /**
     * Makes a datagram that was written without options.
     *
     * @param payload the bytes of the datagram
     * @param destination the address that it was written to
     */
    public Written(byte[] payload, SockAddr destination) {
        this(payload, destination, new SendOptions());
    }

    static Written copyOf(
            MemorySegment payload, long offset, int length, SockAddr destination, SendOptions options) {
        var most = destination.isIpv6() && !destination.isIpv4Mapped() ? IPV6_LARGEST : IPV4_LARGEST;
        if (length > most) {
            throw new MessageLengthException(length, most);
        }
        options.datagrams(length, destination);
        var copy = payload.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        return new Written(copy, destination.copy(), options.copy());
    }

    /**
     * The payload as text.
     *
     * @return the bytes, decoded as UTF-8
     */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Written that
                && Arrays.equals(payload, that.payload)
                && destination.equals(that.destination)
                && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(payload) + destination.hashCode()) + options.hashCode();
    }

    @Override
    public String toString() {
        var bytes = payload.length + " bytes to " + destination;
        return options.equals(new SendOptions()) ? bytes : bytes + " " + options;
    }
}
