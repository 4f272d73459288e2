package dev.salvo.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.Features;
import dev.salvo.socket.ReceiveBatch;
import dev.salvo.socket.SendBatch;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.TransmitTimestamp;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.UdpOptions;
import java.net.StandardProtocolFamily;
import java.time.Duration;

/**
 * What a test needs of a newer kernel. Each method asks the kernel, and skips the test with its answer; in CI, whose
 * kernel has all of it, the test fails.
 */
public final class Needs {

    private Needs() {}

    /** epoll_pwait2, since Linux 5.11. */
    public static void nanosecondWaits() throws SyscallException {
        var errno = Features.epollPwait2();
        if (errno != 0) {
            skip("epoll_pwait2: " + Errno.describe(errno));
        }
    }

    /** Loopback that passes a joined message on whole (NETIF_F_GSO_UDP_L4), which that of Linux 5.10 does not. */
    public static void joiningOnLoopback() throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET);
                var sent = SendBatch.open();
                var received = ReceiveBatch.open()) {
            socket.bind(SockAddr.of("127.0.0.1", 0));
            socket.set(UdpOptions.GRO, true);
            for (int i = 0; i < 4; i++) {
                sent.add(new byte[100], socket.localAddress());
            }
            socket.send(sent);
            socket.awaitReadable(Duration.ofSeconds(1));
            var messages = socket.receive(received);
            if (messages > 1) {
                skip("UDP_GRO: loopback delivers a message of 4 datagrams as " + messages + " messages");
            }
        }
    }

    /** Ids of transmit timestamps (SCM_TS_OPT_ID), since Linux 6.13. */
    public static void transmitTimestamps() throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            TransmitTimestamp.enable(socket);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            skip(String.valueOf(e.getMessage()));
        }
    }

    private static void skip(String answer) {
        if ("true".equals(System.getenv("CI"))) {
            fail(answer);
        }
        abort(answer);
    }
}
