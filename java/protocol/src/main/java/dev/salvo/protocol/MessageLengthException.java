package dev.salvo.protocol;

import java.io.Serial;

/** A datagram that is longer than UDP allows. */
public class MessageLengthException extends IllegalArgumentException {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param length the length that was given
     * @param most the largest possible one
     */
    public MessageLengthException(int length, int most) {
        super("Message is too long to send: " + length + " bytes, at most " + most + " fit");
    }
}
