package dev.salvo.cli.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.cli.probe.Feature.Result;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.Features;
import dev.salvo.testing.NetNamespace;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import dev.salvo.socket.option.UdpOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** Every supported kernel (5.4 and newer) has these. In a sandbox that removes one the test is meant to fail. */
    @Test
    void featuresOfEverySupportedKernelWork() {
        for (var feature : Probes.runAll()) {
            switch (feature.name()) {
                case "UDP_GRO", "UDP_SEGMENT", "IP_RECVERR", "SO_TIMESTAMPNS", "SO_RXQ_OVFL", "SO_MEMINFO", "SO_RCVBUF",
                        "SO_SNDBUF" ->
                    assertEquals(Result.WORKS, feature.result(), feature.toString());
                default -> assertTrue(
                        feature.result() == Result.WORKS || feature.errno().isPresent(), feature.toString());
            }
        }
    }

    @Test
    void theSegmentLimitIsThatOfTheSocketLayer() throws SyscallException {
        var most = feature("UDP_SEGMENT").value().orElseThrow();
        assertTrue(most == 64 || most == 128, "UDP_MAX_SEGMENTS of this kernel: " + most);
        assertEquals(Features.maxSegments(), most);
    }

    @Test
    void theReceiveBufferIsTwiceTheSysctl() throws Exception {
        // Read by lines: a sysctl file reports the size 0, and cannot be read in pieces.
        var limit = Files.readAllLines(Path.of("/proc/sys/net/core/rmem_max")).getFirst();
        assertEquals(2 * Long.parseLong(limit), feature("SO_RCVBUF").value().orElseThrow());
    }

    /** As on a kernel whose loopback segments: the option is accepted, and has no effect. */
    @Test
    void anOptionThatHadNothingToWorkOnIsNotCalledMissing() {
        var kernel = new ScriptedKernel();
        kernel.always(Syscall.SETSOCKOPT, call -> takes(call, UdpOptions.GRO) || takes(call, SocketLevelOptions.RCVBUF)
                ? 0
                : call.passOn());
        var results = kernel.open(Probes::runAll).stream()
                .filter(feature -> feature.result() == Result.UNTRIED)
                .map(Feature::name)
                .toList();
        assertEquals(List.of("UDP_GRO", "SO_RXQ_OVFL", "SO_MEMINFO"), results);
    }

    private static boolean takes(Call call, SockOpt<?> option) {
        return call.number(1) == option.level() && call.number(2) == option.number();
    }

    @Test
    void aRefusedOptionIsCalledMissing() {
        var kernel = new ScriptedKernel();
        kernel.always(Syscall.SETSOCKOPT, call -> takes(call, UdpOptions.GRO) ? -Errno.ENOPROTOOPT : call.passOn());
        var gro = kernel.open(Probes::runAll).getFirst();
        assertEquals("UDP_GRO", gro.name());
        assertEquals(Result.FAILS, gro.result());
        assertEquals(OptionalInt.of(Errno.ENOPROTOOPT), gro.errno());
    }

    @Test
    void aRefusalHasTheKernelsErrno() {
        var refused = new Probe("SO_X", name -> {
            throw new SyscallException("setsockopt", name, Errno.EPERM);
        })
                .run();
        assertEquals(Result.FAILS, refused.result());
        assertEquals(OptionalInt.of(Errno.EPERM), refused.errno());
        assertTrue(refused.detail().startsWith("setsockopt SO_X: EPERM"), refused.detail());
    }

    /** What needs no loopback is tried all the same. */
    @Tag("netns")
    @Test
    void whereLoopbackIsDownThatIsTheReason() throws Exception {
        try (var alone = NetNamespace.open()) {
            alone.in("link", "set", "lo", "down");
            var features = alone.call(Probes::runAll);
            for (var feature : features) {
                if (feature.result() != Feature.Result.UNTRIED) {
                    assertTrue(feature.name().contains("BUF") || feature.name().contains("epoll"), feature::toString);
                } else {
                    assertEquals("not tried: the interface lo is down (ip link set lo up)", feature.detail());
                }
            }
            assertEquals(7, features.stream().filter(feature -> feature.result() == Feature.Result.UNTRIED).count());
        }
    }

    @Tag("netns")
    @Test
    void aMissingLoopbackAddressIsTheReasonToo() throws Exception {
        try (var alone = NetNamespace.open()) {
            alone.in("address", "del", "127.0.0.1/8", "dev", "lo");
            var gro = alone.call(Probes::runAll).getFirst();
            assertEquals(Feature.Result.UNTRIED, gro.result());
            assertTrue(gro.detail().contains("EADDRNOTAVAIL"), gro::toString);
        }
    }
}
