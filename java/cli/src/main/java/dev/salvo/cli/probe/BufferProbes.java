package dev.salvo.cli.probe;

import dev.salvo.socket.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketOptions;
import java.net.StandardProtocolFamily;

/** How large the buffers of a socket can be made. Nothing is allocated by that. */
final class BufferProbes {

    /** More than any sysctl allows as a rule; twice it still fits the kernel's int. */
    private static final int MUCH = 1 << 29;

    /** asm-generic/socket.h, which both architectures use. */
    private static final SockOpt<Integer> RCVBUFFORCE = SockOpt.ofInt("SO_RCVBUFFORCE", SocketOptions.RCVBUF.level(),
            33);

    private static final SockOpt<Integer> SNDBUFFORCE = SockOpt.ofInt("SO_SNDBUFFORCE", SocketOptions.SNDBUF.level(),
            32);

    private BufferProbes() {}

    static Feature receive(String name) throws SyscallException {
        return limited(name, SocketOptions.RCVBUF, "net.core.rmem_max");
    }

    static Feature send(String name) throws SyscallException {
        return limited(name, SocketOptions.SNDBUF, "net.core.wmem_max");
    }

    static Feature receiveForced(String name) throws SyscallException {
        return forced(name, RCVBUFFORCE, SocketOptions.RCVBUF);
    }

    static Feature sendForced(String name) throws SyscallException {
        return forced(name, SNDBUFFORCE, SocketOptions.SNDBUF);
    }

    /** The kernel doubles what is set and tells the doubled number. */
    private static Feature limited(String name, SockOpt<Integer> option, String limit) throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            socket.set(option, MUCH);
            var most = socket.get(option);
            return Feature.works(name, most, "at most " + most + " bytes, overhead included: twice " + limit);
        }
    }

    private static Feature forced(String name, SockOpt<Integer> option, SockOpt<Integer> told) throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            socket.set(option, MUCH);
            var most = socket.get(told);
            return Feature.works(name, most, "allowed: " + most + " bytes were granted");
        }
    }
}
