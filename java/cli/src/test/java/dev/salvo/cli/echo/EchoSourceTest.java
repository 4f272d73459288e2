package dev.salvo.cli.echo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.handover.SystemdSockets.Inherited;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The echo serves sockets that systemd passes: all, or those of a name. */
@Tag("unit")
class EchoSourceTest {

    private static final List<Inherited> THREE = List.of(
            new Inherited("web", 3), new Inherited("dns", 4), new Inherited("web", 5));

    private static List<Integer> chosen(String name) throws IOException {
        return EchoSource.choose(THREE, name).stream().map(Inherited::descriptor).toList();
    }

    @Test
    void withoutANameAllSocketsAreServed() throws IOException {
        assertEquals(List.of(3, 4, 5), chosen(""));
    }

    /** A unit with two ListenDatagram lines, for IPv4 and IPv6, has two sockets of one name. */
    @Test
    void allSocketsOfANameAreServed() throws IOException {
        assertEquals(List.of(4), chosen("dns"));
        assertEquals(List.of(3, 5), chosen("web"));
    }

    @Test
    void anUnknownNameIsRefusedWithAListOfTheNames() {
        var thrown = assertThrows(IOException.class, () -> chosen("ntp"));
        assertTrue(String.valueOf(thrown.getMessage()).contains("ntp, but web, dns"), thrown::toString);
    }
}
