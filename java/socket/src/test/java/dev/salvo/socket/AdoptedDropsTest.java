package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.LinuxExtras;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SocketLevelOptions;
import java.net.StandardProtocolFamily;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel counts the drops of a socket from its beginning, in 32 bits. Salvo counts from the adoption, in 64. */
@Tag("loopback")
class AdoptedDropsTest {

    private static void flood(AskedPair pair, int datagrams) throws SyscallException {
        for (int i = 0; i < datagrams; i++) {
            Traffic.add(pair.out, pair.to, "flood");
        }
        assertEquals(datagrams, pair.sender.send(pair.out));
    }

    @ParameterizedTest
    @EnumSource
    void dropsFromBeforeTheAdoptionDoNotCount(Over over) throws SyscallException {
        try (var pair = new AskedPair(over, Metadata.PACKET_DROPS)) {
            pair.out.coalescing(false);
            pair.receiver.set(SocketLevelOptions.RCVBUF, 0);
            flood(pair, 50);
            assertTrue(pair.receiver.statistics().kernelPacketDrops() > 0, "nothing was dropped before");
            try (var adopted = UdpSocket.adoptDuplicate(pair.receiver.descriptor());
                    var in = ReceiveBatch.open()) {
                assertEquals(0, adopted.statistics().kernelPacketDrops());
                while (adopted.receive(in) > 0) {
                    for (var before = in.next(); before != null; before = in.next()) {
                        assertTrue(before.metadata().newPacketDrops() <= 0, () -> "sent before the adoption");
                    }
                }
                flood(pair, 1);
                assertEquals(1, adopted.receive(in));
                var datagram = Objects.requireNonNull(in.next());
                assertEquals(0, datagram.metadata().newPacketDrops());
                flood(pair, 50);
                var came = 0;
                while (adopted.receive(in) > 0) {
                    while (in.next() != null) {
                        came++;
                    }
                }
                assertEquals(50 - came, adopted.statistics().kernelPacketDrops());
            }
        }
    }

    /** The counter of the kernel has 32 bits. */
    @Test
    void theCountGoesOnAfterTheKernelsCounterHasWrapped() throws SyscallException {
        var kernel = new ScriptedKernel();
        var drops = new int[1];
        kernel.always(Syscall.GETSOCKOPT, call -> {
            var result = call.passOn();
            if (call.number(1) == Linux.SOL_SOCKET() && call.number(2) == Linux.SO_MEMINFO()) {
                call.memory(3).setAtIndex(JAVA_INT, LinuxExtras.SK_MEMINFO_DROPS, drops[0]);
            }
            return result;
        });
        try (var socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET))) {
            drops[0] = 2_000_000_000;
            assertEquals(2_000_000_000L, socket.statistics().kernelPacketDrops());
            drops[0] = -5;
            assertEquals(0xffff_fffbL, socket.statistics().kernelPacketDrops());
            drops[0] = 5;
            assertEquals(0x1_0000_0005L, socket.statistics().kernelPacketDrops());
        }
    }

    @Test
    void statisticsOfAClosedSocketAreStillThere() throws SyscallException {
        try (var pair = new AskedPair(Over.IPV4, Metadata.PACKET_DROPS)) {
            flood(pair, 3);
            pair.sender.close();
            assertEquals(3, pair.sender.statistics().datagramsSent());
            assertEquals(-1, pair.sender.statistics().kernelPacketDrops());
        }
    }
}
