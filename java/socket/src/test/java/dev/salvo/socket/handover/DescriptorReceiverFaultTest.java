package dev.salvo.socket.handover;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.msghdr;
import dev.salvo.bindings.ucred;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.OpenSockets;
import dev.salvo.socket.UdpSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases that a test cannot provoke with a real peer: another user, a signal, more descriptors than fit. */
@Tag("fault")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescriptorReceiverFaultTest {

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final HandoverFolder handover = new HandoverFolder();
    private Map<String, String> before = Map.of();

    DescriptorReceiverFaultTest() throws IOException {}

    @BeforeEach
    void countSockets() throws IOException {
        before = OpenSockets.now();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        handover.close();
        assertEquals(before, OpenSockets.now());
    }

    private DescriptorReceiver listen() throws IOException {
        return kernel.open(() -> DescriptorReceiver.listen(handover.socket));
    }

    private void peerIs(int uid) {
        kernel.next(Syscall.GETSOCKOPT, call -> {
            assertEquals(Linux.SO_PEERCRED(), call.number(2));
            call.memory(3).set(JAVA_INT, ucred.pid$offset(), 77);
            call.memory(3).set(JAVA_INT, ucred.uid$offset(), uid);
            call.memory(3).set(JAVA_INT, ucred.gid$offset(), 99);
            return 0;
        });
    }

    @ParameterizedTest
    @CsvSource({"1000, 1001", "0, 1000", "1000, -2"})
    void aPeerOfAnotherUserIsNotReadFrom(int self, int peer) throws Exception {
        kernel.always(Syscall.GETEUID, Answer.value(self));
        peerIs(peer);
        try (var receiver = listen()) {
            var sent = handover.send(0);

            var thrown = assertThrows(SyscallException.class, () -> receiver.receive(HandoverFolder.PATIENCE));

            assertEquals(Errno.EACCES, thrown.errno());
            assertTrue(String.valueOf(thrown.getMessage()).contains("pid 77, uid " + peer + ", gid 99"),
                    thrown::toString);
            assertEquals(List.of(), kernel.calls(Syscall.RECVMSG));
            assertTrue(sent.join() instanceof SyscallException, "the sender was not refused");
        }
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "1000, 0", "0, 0"})
    void theSameUserAndRootAreTrusted(int self, int peer) throws Exception {
        kernel.always(Syscall.GETEUID, Answer.value(self));
        peerIs(peer);
        try (var receiver = listen()) {
            var sent = handover.send(0);
            assertEquals(1, closeAll(receiver.receive(HandoverFolder.PATIENCE)));
            assertNull(sent.join());
        }
    }

    @Test
    void aCustomRuleReplacesTheDefault() throws Exception {
        peerIs(1000);
        try (var receiver = kernel.open(
                () -> DescriptorReceiver.listen(handover.socket,
                        peer -> peer.equals(new PeerCredentials(77, 1000, 99))))) {
            var sent = handover.send(0);
            assertEquals(1, closeAll(receiver.receive(HandoverFolder.PATIENCE)));
            assertNull(sent.join());
            peerIs(0);
            sent = handover.send(0);
            assertThrows(SyscallException.class, () -> receiver.receive(HandoverFolder.PATIENCE));
            sent.join();
        }
    }

    /** MSG_CTRUNC is also set when this process may open no further descriptor; some have arrived then. */
    @Test
    void aTruncatedMessageClosesAllDescriptors() throws Exception {
        kernel.next(Syscall.RECVMSG, call -> {
            var result = call.passOn();
            var flags = msghdr.msg_flags$offset();
            call.memory(1).set(JAVA_INT, flags, call.memory(1).get(JAVA_INT, flags) | Linux.MSG_CTRUNC());
            return result;
        });
        try (var receiver = listen()) {
            var during = OpenSockets.now();
            try (var udp = UdpSocket.open(StandardProtocolFamily.INET)) {
                var sent = handover.send(udp.descriptor(), udp.descriptor());
                var thrown = assertThrows(IOException.class, () -> receiver.receive(HandoverFolder.PATIENCE));
                assertTrue(String.valueOf(thrown.getMessage()).contains("more than this process may open"));
                assertTrue(String.valueOf(sent.join()).contains("refused"));
            }
            assertEquals(during, OpenSockets.now());
        }
    }

    @Test
    void signalsAndSpuriousWakeupsAreRetried() throws Exception {
        kernel.next(Syscall.ACCEPT4, Answer.error(Errno.EINTR), Answer.real(), Answer.error(Errno.EAGAIN));
        kernel.next(Syscall.POLL, Answer.error(Errno.EINTR));
        kernel.next(Syscall.RECVMSG, Answer.error(Errno.EINTR), Answer.error(Errno.EAGAIN));
        try (var receiver = listen()) {
            var sent = handover.send(0);
            assertEquals(1, closeAll(receiver.receive(HandoverFolder.PATIENCE)));
            assertNull(sent.join());
        }
    }

    @Test
    void descriptorsAreClosedOnExec() throws Exception {
        try (var receiver = listen()) {
            var sent = handover.send(0);
            closeAll(receiver.receive(HandoverFolder.PATIENCE));
            sent.join();
        }
        var cloexec = Linux.SOCK_CLOEXEC();
        assertEquals(cloexec, kernel.calls(Syscall.SOCKET).getFirst().number(1) & cloexec);
        assertEquals(cloexec, kernel.calls(Syscall.ACCEPT4).getLast().number(1) & cloexec);
        var flags = kernel.calls(Syscall.RECVMSG).getLast().number(2);
        assertEquals(Linux.MSG_CMSG_CLOEXEC(), flags & Linux.MSG_CMSG_CLOEXEC());
    }

    @Test
    void aFailedListenLeavesNoFileAndNoDescriptor() throws IOException {
        kernel.next(Syscall.LISTEN, Answer.error(Errno.ENOMEM));
        assertThrows(SyscallException.class, this::listen);
        assertEquals(false, Files.exists(handover.socket));
        assertEquals(1, kernel.calls(Syscall.CLOSE).size());
    }

    @Test
    void theModeIsSetBeforeTheBind() throws IOException {
        listen().close();
        var names = kernel.calls().stream().map(Call::name).toList();
        assertTrue(names.indexOf(Syscall.FCHMOD) < names.indexOf(Syscall.BIND), names::toString);
        assertTrue(names.contains(Syscall.FCHMOD), names::toString);
    }

    private int closeAll(List<Integer> numbers) {
        numbers.forEach(kernel::close);
        return numbers.size();
    }
}
