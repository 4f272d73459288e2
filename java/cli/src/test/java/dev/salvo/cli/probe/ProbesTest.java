package dev.salvo.cli.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.socket.Errno;
import dev.salvo.socket.Features;
import dev.salvo.socket.SyscallException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("loopback")
class ProbesTest {

    private static Feature feature(String name) {
        return Probes.runAll().stream()
                .filter(feature -> feature.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    /**
     * Any kernel that Salvo supports has these (5.4), unless a sandbox takes them away: then this fails, and should.
     */
    @Test
    void whatEveryKernelHasWorks() {
        for (var feature : Probes.runAll()) {
            switch (feature.name()) {
                case "UDP_GRO", "UDP_SEGMENT", "IP_RECVERR", "SO_TIMESTAMPNS", "SO_RXQ_OVFL", "SO_MEMINFO", "SO_RCVBUF",
                        "SO_SNDBUF" ->
                    assertTrue(feature.works(), feature.toString());
                default -> assertTrue(feature.works() || feature.errno().isPresent(), feature.toString());
            }
        }
    }

    @Test
    void aMessageTakesAsManySegmentsAsTheSocketLayerFinds() throws SyscallException {
        var most = feature("UDP_SEGMENT").value().orElseThrow();
        assertTrue(most == 64 || most == 128, "UDP_MAX_SEGMENTS of this kernel: " + most);
        assertEquals(Features.maxSegments(), most);
    }

    @Test
    void theReceiveBufferIsTwiceTheSysctl() throws Exception {
        // Line by line: a file of sysctl tells its size as 0, and can't be read in pieces.
        var limit = Files.readAllLines(Path.of("/proc/sys/net/core/rmem_max")).getFirst();
        assertEquals(2 * Long.parseLong(limit), feature("SO_RCVBUF").value().orElseThrow());
    }

    @Test
    void aRefusalHasTheKernelsErrno() {
        var refused = new Probe("SO_X", name -> {
            throw new SyscallException("setsockopt", name, Errno.EPERM);
        })
                .run();
        assertFalse(refused.works());
        assertEquals(OptionalInt.of(Errno.EPERM), refused.errno());
        assertTrue(refused.detail().startsWith("setsockopt SO_X: EPERM"), refused.detail());
    }
}
