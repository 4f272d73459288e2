package dev.salvo.protocol;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import org.jspecify.annotations.Nullable;

/**
 * Has what is written to the source of a datagram while it is being received leave from the address that it was sent
 * to: the kernel would choose by its routes, and a client drops an answer from an address that it did not ask.
 */
final class AnswerSource {

    private final SendOptions options = new SendOptions();
    private @Nullable Datagram current;

    /** The datagram that is received from now on; null for none. */
    void answering(@Nullable Datagram datagram) {
        current = datagram;
    }

    /** What to send with to a destination; null for nothing. */
    @Nullable
    SendOptions to(SockAddr destination) {
        if (current == null || !current.source().equals(destination)) {
            return null;
        }
        var asked = current.metadata().answerAddress();
        return asked == null ? null : options.source(asked);
    }
}
