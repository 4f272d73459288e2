package dev.salvo.socket;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.sock_extended_err;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Incoming;
import dev.salvo.kernel.Layouts;
import dev.salvo.kernel.ScriptedKernel;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A socket with an error queue that the test fills. */
final class ScriptedErrors implements AutoCloseable {

    static final SockAddr A = SockAddr.of("192.0.2.1", 1001);
    static final SockAddr A6 = SockAddr.of("2001:db8::1", 1006);

    final ScriptedKernel kernel = new ScriptedKernel();
    final UdpSocket socket;

    ScriptedErrors() throws SyscallException {
        kernel.always(Syscall.RECVMSG, Answer.error(Errno.EAGAIN));
        socket = kernel.open(() -> UdpSocket.open(StandardProtocolFamily.INET));
    }

    /** {@code struct sock_extended_err}. */
    static byte[] error(int errno, int origin, int type, int code, int info) {
        return ByteBuffer.allocate((int) sock_extended_err.sizeof())
                .order(ByteOrder.nativeOrder())
                .putInt(errno)
                .put((byte) origin)
                .put((byte) type)
                .put((byte) code)
                .put((byte) 0)
                .putInt(info)
                .array();
    }

    /** ICMP's "port unreachable". */
    static byte[] refused() {
        return error(Errno.ECONNREFUSED, Linux.SO_EE_ORIGIN_ICMP(), 3, 3, 0);
    }

    /** {@code struct sockaddr_in} of 192.0.2.254, port 0. */
    static byte[] offender() {
        return ByteBuffer.allocate(Layouts.SOCKADDR_IN)
                .order(ByteOrder.nativeOrder())
                .putShort((short) Linux.AF_INET())
                .putShort((short) 0)
                .put(new byte[]{(byte) 192, 0, 2, (byte) 254})
                .array();
    }

    static byte[] join(byte[]... parts) {
        var all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    /** An entry for a destination, with IP_RECVERR. */
    static Incoming entry(SockAddr destination, byte[]... parts) {
        return Incoming.from(destination, "").control(Linux.IPPROTO_IP(), Linux.IP_RECVERR(), join(parts));
    }

    /** Queues entries and drains them. */
    void drain(Incoming... entries) throws SyscallException {
        kernel.next(Syscall.RECVMSG, Arrays.stream(entries).map(Answer::deliverOne).toArray(Answer[]::new));
        socket.drainErrors();
    }

    /** Returns the errors that the socket reports now. */
    List<SocketError> drain() {
        var errors = new ArrayList<SocketError>();
        for (var error = socket.nextError(); error != null; error = socket.nextError()) {
            errors.add(error);
        }
        return errors;
    }

    @Override
    public void close() {
        socket.close();
    }
}
