package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A warmed echo loop allocates nothing: neither for a datagram nor for a turn.
 *
 * <p>Each downcall that captures errno makes a slice of the memory for it (checkCaptureSegment of
 * jdk.internal.foreign.abi.SharedUtils), 40 bytes that the JIT takes away by escape analysis, in nearly every JVM: in
 * some its profile leaves one call a turn that it does not. What Salvo itself allocates it allocates in all of them, so
 * one JVM of three that allocates nothing is the proof.
 */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
@Tag("allocation")
class EchoAllocationTest {

    private static final int JVMS = 3;

    private static List<Long> run(String... arguments) throws Exception {
        var bytes = new ArrayList<Long>();
        try (var child = ChildProcess.java(EchoAllocation.class, arguments)) {
            for (var line = child.line(); !line.equals("end"); line = child.line()) {
                bytes.add(Long.parseLong(line));
            }
        }
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"IPV4, false, 0", "IPV4, true, 0", "IPV6, true, 0", "IPV4, true, 20"})
    void nothingIsAllocated(String family, String offloaded, String idleMicros, TestReporter reporter)
            throws Exception {
        var bytes = Long.MAX_VALUE;
        for (int jvm = 0; jvm < JVMS && bytes > EchoAllocation.ALLOWED; jvm++) {
            var rounds = run(family, offloaded, idleMicros);
            reporter.publishEntry("bytes allocated for " + EchoAllocation.MEASURED + " datagrams", rounds.toString());
            bytes = rounds.getLast();
        }
        assertTrue(
                bytes <= EchoAllocation.ALLOWED, bytes + " bytes for " + EchoAllocation.MEASURED + " datagrams");
    }

    /** What proves the test above: one small object a datagram is seen. */
    @Test
    void aProtocolThatAllocatesIsSeen() throws Exception {
        assertTrue(run("IPV4", "true", "0", "object").getLast() >= 16L * EchoAllocation.MEASURED);
    }
}
