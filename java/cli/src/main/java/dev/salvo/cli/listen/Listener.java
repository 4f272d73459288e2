package dev.salvo.cli.listen;

import dev.salvo.cli.console.Console;
import dev.salvo.cli.console.DatagramLine;
import dev.salvo.protocol.DatagramProtocol;
import dev.salvo.protocol.DatagramTransport;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Datagram;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Prints the received datagrams. What a turn of the reactor received is written at once when the turn ends, before the
 * reactor waits again: a write for each line takes longer than to receive it.
 */
final class Listener implements DatagramProtocol {

    private final Reactor reactor;
    private final Console console;
    private final DatagramLine line;
    private final @Nullable Long count;
    private boolean printing;
    private long datagrams;
    private long bytes;

    /** Prints at most the given number of datagrams, then stops the reactor; null for no limit. */
    Listener(Reactor reactor, Console console, DatagramLine line, @Nullable Long count) {
        this.reactor = reactor;
        this.console = console;
        this.line = line;
        this.count = count;
    }

    @Override
    public void datagramReceived(Datagram datagram, DatagramTransport port) {
        if (count != null && datagrams == count) {
            // This datagram is behind the last one to print, in the same batch.
            return;
        }
        datagrams++;
        bytes += datagram.length();
        if (!line.add(datagram) || (count != null && datagrams == count)) {
            reactor.stop();
        }
        if (!printing) {
            printing = true;
            // Timers are called in the next turn, before the reactor waits.
            reactor.callLater(Duration.ZERO, this::print);
        }
    }

    private void print() {
        printing = false;
        if (!console.flush()) {
            reactor.stop();
        }
    }

    long datagrams() {
        return datagrams;
    }

    long bytes() {
        return bytes;
    }
}
