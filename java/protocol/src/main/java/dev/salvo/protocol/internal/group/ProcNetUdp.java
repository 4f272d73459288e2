package dev.salvo.protocol.internal.group;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.salvo.socket.SockAddr;
import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HexFormat;

/** Counts the sockets that are bound to an address, from /proc/net/udp. */
final class ProcNetUdp {

    private ProcNetUdp() {}

    /**
     * Counts the UDP sockets of the calling thread's network namespace that are bound to an address and port (proc(5)).
     * The words of the address are in the machine's byte order; the port is in reading order.
     *
     * @throws IOException if /proc is not mounted
     */
    static long count(SockAddr address) throws IOException {
        var bytes = ByteBuffer.wrap(address.address()).order(ByteOrder.nativeOrder());
        var hex = HexFormat.of().withUpperCase();
        var local = new StringBuilder(": ");
        while (bytes.hasRemaining()) {
            local.append(hex.toHexDigits(bytes.getInt()));
        }
        local.append(':').append(hex.toHexDigits((short) address.port())).append(' ');
        var file = Path.of("/proc/thread-self/net", address.isIpv6() ? "udp6" : "udp");
        // Not Files.lines: a channel would be closed by the interrupt flag, which the thread of a member may have.
        try (var lines = new BufferedReader(new FileReader(file.toFile(), US_ASCII))) {
            return lines.lines().filter(line -> line.contains(local)).count();
        }
    }
}
