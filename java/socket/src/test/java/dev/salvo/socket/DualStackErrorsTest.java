package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.Loopback;
import java.net.StandardProtocolFamily;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trap 7: an INET6 socket that also sends to IPv4 needs RECVERR at both levels, each for the destinations of its
 * family.
 */
@Tag("loopback")
class DualStackErrorsTest {

    @ParameterizedTest
    @CsvSource({"false, false, ''", "false, true, IPV6", "true, false, MAPPED", "true, true, MAPPED IPV6"})
    void eachLevelReportsErrorsOfItsOwnFamily(boolean ip, boolean ipv6, String reported) throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET6);
                var dead4 = Loopback.IPV4.dead();
                var dead6 = Loopback.IPV6.dead();
                var out = SendBatch.open()) {
            socket.set(IpOptions.RECVERR, ip);
            socket.set(Ipv6Options.RECVERR, ipv6);
            Traffic.add(out, Over.MAPPED.addressOf(dead4), "to nobody");
            Traffic.add(out, Over.IPV6.addressOf(dead6), "to nobody");
            socket.send(out);
            socket.drainErrors();

            for (var over : reported.isEmpty() ? new String[0] : reported.split(" ")) {
                var dead = over.equals("IPV6") ? dead6 : dead4;
                assertEquals(Over.valueOf(over).refused(Over.valueOf(over).addressOf(dead), "to nobody"),
                        socket.nextError());
            }
            assertNull(socket.nextError());
        }
    }
}
