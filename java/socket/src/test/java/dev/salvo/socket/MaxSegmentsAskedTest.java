package dev.salvo.socket;

import static dev.salvo.socket.ScriptedSender.A;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Before a batch joins more than 64 datagrams it asks the kernel for its limit, and keeps to the answer. */
@Tag("fault")
class MaxSegmentsAskedTest {

    private static final Answer WITHOUT_SEGMENTATION = call -> call.number(1) == UdpOptions.SEGMENT.level()
            && call.number(2) == UdpOptions.SEGMENT.number() ? -Linux.ENOPROTOOPT() : call.passOn();

    private static void takes128(ScriptedSender sender) {
        sender.kernel.maxSegments(128);
        sender.kernel.always(Syscall.SENDMSG, Answer.value(128));
    }

    private static List<String> add128(ScriptedSender sender) {
        var payloads = IntStream.range(100, 228).mapToObj(Integer::toString).toList();
        sender.add(A, payloads.toArray(String[]::new));
        return payloads;
    }

    @Test
    void aKernelLimitOf64IsNotExceeded() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            assertEquals(64, sender.batch.maxSegments(128));
            add128(sender);
            assertEquals(128, sender.send());
            assertEquals(List.of(64, 64), sender.messageSizes());
            assertEquals(0, sender.socket.statistics().coalescingFallbacks());
            assertEquals(64, sender.kernel.open(Features::maxSegments));
        }
    }

    @Test
    void aKernelLimitOf128IsUsed() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            takes128(sender);
            assertEquals(128, sender.batch.maxSegments(128));
            add128(sender);
            assertEquals(128, sender.send());
            assertEquals(List.of(128), sender.messageSizes());
            assertEquals(100, sender.batch.maxSegments(100));
            assertEquals(128, sender.kernel.open(Features::maxSegments));
        }
    }

    @Test
    void theDefaultLimitIs64() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            takes128(sender);
            add128(sender);
            sender.send();
            assertEquals(List.of(64, 64), sender.messageSizes());
        }
    }

    @Test
    void theKernelIsAskedOnceAndOnlyOver64() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.batch.maxSegments(64);
            assertEquals(List.of(), sender.kernel.calls());
            sender.batch.maxSegments(65);
            sender.batch.maxSegments(128);
            assertEquals(1, sender.kernel.calls(Syscall.SENDMSG).size());
            assertEquals(1, sender.kernel.calls(Syscall.SOCKET).size());
            assertEquals(1, sender.kernel.calls(Syscall.CLOSE).size());
        }
    }

    @Test
    void eachBatchAsksOnce() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            takes128(sender);
            assertEquals(128, sender.batch.maxSegments(128));
            try (var other = sender.kernel.open(() -> SendBatch.open())) {
                assertEquals(128, other.maxSegments(128));
                assertEquals(128, other.maxSegments(128));
            }
            assertEquals(128, sender.batch.maxSegments(128));
            assertEquals(2, sender.kernel.calls(Syscall.SENDMSG).size());
        }
    }

    @Test
    void aFailedProbeIsRepeated() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            takes128(sender);
            sender.kernel.next(Syscall.SOCKET, Answer.error(Errno.EMFILE));
            assertEquals(64, sender.batch.maxSegments(128));
            assertEquals(128, sender.batch.maxSegments(128));
        }
    }

    /** The datagrams that a refused joined message is split into. */
    @Test
    void aRefusedMessageOf128IsSentOneByOne() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            takes128(sender);
            sender.kernel.always(
                    Syscall.SENDMMSG, Answer.accept(message -> ScriptedSender.refuseJoinedToA(message, Errno.EIO)));
            sender.batch.maxSegments(128);
            var payloads = add128(sender);
            assertEquals(128, sender.send());
            assertEquals(payloads, sender.arrived());
        }
    }

    @Test
    void theLimitIs64IfTheProbeFails() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SOCKET, Answer.error(Errno.EMFILE));
            assertEquals(64, sender.batch.maxSegments(128));
            var e = assertThrows(SyscallException.class, () -> sender.kernel.open(Features::maxSegments));
            assertEquals(Errno.EMFILE, e.errno());
        }
    }

    @Test
    void aProbeForbiddenByAFirewallClosesItsSocket() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.SENDMSG, Answer.error(Errno.EPERM));
            assertEquals(64, sender.batch.maxSegments(128));
            assertEquals(1, sender.kernel.calls(Syscall.CLOSE).size());
        }
    }

    @Test
    void withoutSegmentationNothingIsJoined() throws SyscallException {
        try (var sender = new ScriptedSender()) {
            sender.kernel.always(Syscall.GETSOCKOPT, WITHOUT_SEGMENTATION);
            assertEquals(1, sender.kernel.open(Features::maxSegments));
            assertEquals(1, sender.batch.maxSegments(128));
        }
    }
}
