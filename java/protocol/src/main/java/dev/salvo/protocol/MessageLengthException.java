package dev.salvo.protocol;

import java.io.Serial;

/** Thrown when a datagram is longer than UDP allows. */
public class MessageLengthException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param length the length of the datagram in bytes
     * @param most the largest possible length in bytes
     */
    public MessageLengthException(int length, int most) {
        super("Message is too long to send: " + length + " bytes, at most " + most + " fit");
    }
}
