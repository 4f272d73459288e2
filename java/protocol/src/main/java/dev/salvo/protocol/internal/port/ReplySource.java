package dev.salvo.protocol.internal.port;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.SendOptions;
import dev.salvo.socket.SockAddr;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the source address of answers. An answer is a datagram that is written to the source of a datagram while that
 * one is being received. It leaves from the address that the datagram was sent to. The kernel would choose the address
 * by its routes, and a client drops an answer from an address that it did not ask.
 */
final class ReplySource {

    private final SendOptions options = new SendOptions();
    private @Nullable Datagram current;

    /** Sets the datagram that is being received; null for none. */
    void replyingTo(@Nullable Datagram datagram) {
        current = datagram;
    }

    /** The options for a write to a destination; null if it is not an answer. */
    @Nullable
    SendOptions optionsFor(SockAddr destination) {
        if (current == null || !current.source().equals(destination)) {
            return null;
        }
        var asked = current.metadata().answerAddress();
        return asked == null ? null : options.source(asked);
    }
}
