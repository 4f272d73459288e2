package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.TimestampProbe;
import dev.salvo.testing.Needs;
import dev.salvo.testing.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Enabling first asks the kernel whether it supports ids, with a message that is not sent, and keeps the flags that are
 * on.
 */
@Tag("loopback")
class TransmitTimestampEnableTest {

    private static final int FLAGS = Linux.SOF_TIMESTAMPING_SOFTWARE() | Linux.SOF_TIMESTAMPING_OPT_ID()
            | Linux.SOF_TIMESTAMPING_OPT_TSONLY();
    private static final int HARDWARE = Linux.SOF_TIMESTAMPING_RX_HARDWARE() | Linux.SOF_TIMESTAMPING_RAW_HARDWARE();

    @ParameterizedTest
    @EnumSource
    void flagsAlreadySetStaySet(Over over) throws SyscallException {
        Needs.transmitTimestamps();
        try (var socket = UdpSocket.open(over.family)) {
            TransmitTimestamp.enable(socket);
            assertEquals(FLAGS, socket.get(TimestampProbe.FLAGS));
            Metadata.HARDWARE_TIME.enable(socket);
            TransmitTimestamp.enable(socket);
            assertEquals(FLAGS | HARDWARE, socket.get(TimestampProbe.FLAGS));
        }
    }

    /** A send binds the socket, so the kernel is asked through another one. */
    @ParameterizedTest
    @EnumSource
    @Tag("netns")
    void theSocketStaysUnboundAndNothingIsSent(Over over) throws Exception {
        Needs.transmitTimestamps();
        try (var namespace = NetNamespace.open()) {
            namespace.call(() -> {
                var kernel = new ScriptedKernel();
                var answers = new ArrayList<Long>();
                kernel.always(Syscall.SENDMSG, call -> {
                    answers.add(call.passOn());
                    return answers.getLast();
                });
                var sent = sent();
                try (var socket = kernel.open(() -> UdpSocket.open(over.family))) {
                    TransmitTimestamp.enable(socket);
                    assertEquals(0, socket.localAddress().port());
                }
                assertEquals(List.of(0L), answers);
                assertEquals(sent, sent());
                try (var pair = new AskedPair(over)) {
                    pair.send("to see that they are counted");
                }
                assertNotEquals(sent, sent());
                return sent;
            });
        }
    }

    /** The number of datagrams that left this thread's namespace, as the kernel counts them. */
    private static List<String> sent() throws IOException {
        var counters = new ArrayList<String>();
        for (var file : List.of("snmp", "snmp6")) {
            try (var lines = Files.lines(Path.of("/proc/thread-self/net/" + file))) {
                lines.filter(line -> line.matches("Udp: [0-9].*|Udp6OutDatagrams.*")).forEach(counters::add);
            }
        }
        assertEquals(2, counters.size());
        return counters;
    }

    @ParameterizedTest
    @EnumSource
    void anOlderKernelIsRefusedWithAnExplanation(Over over) throws SyscallException {
        var kernel = new ScriptedKernel();
        kernel.always(Syscall.SENDMSG, Answer.error(Errno.EINVAL));
        try (var socket = kernel.open(() -> UdpSocket.open(over.family))) {
            kernel.forget();
            var refused = assertThrows(SyscallException.class, () -> TransmitTimestamp.enable(socket));
            assertEquals(
                    "sendmsg with SCM_TS_OPT_ID, which transmit timestamps need, from Linux 6.13 on: "
                            + Errno.describe(Errno.EINVAL),
                    refused.getMessage());
            assertEquals(Errno.EINVAL, refused.errno());
            assertEquals(0, socket.get(TimestampProbe.FLAGS));
            var names = kernel.calls().stream().map(Call::name).filter(
                    name -> name == Syscall.SOCKET || name == Syscall.CLOSE).toList();
            assertEquals(List.of(Syscall.SOCKET, Syscall.CLOSE), names);
        }
    }

    /** A namespace without a route to loopback. */
    @ParameterizedTest
    @EnumSource
    void anotherErrorDoesNotCountAsARefusal(Over over) throws SyscallException {
        var kernel = new ScriptedKernel();
        kernel.always(Syscall.SENDMSG, Answer.error(Errno.ENETUNREACH));
        try (var socket = kernel.open(() -> UdpSocket.open(over.family))) {
            TransmitTimestamp.enable(socket);
            assertEquals(FLAGS, socket.get(TimestampProbe.FLAGS));
        }
    }
}
