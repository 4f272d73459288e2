package dev.salvo.cli.probe;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import java.net.StandardProtocolFamily;

/** Probes how large the buffers of a socket can be made. Setting a limit allocates no memory. */
final class BufferProbes {

    /** More than a sysctl usually allows. Twice this value still fits into the kernel's int. */
    private static final int MUCH = 1 << 29;

    /** The numbers are from asm-generic/socket.h, which both architectures use. */
    private static final SockOpt<Integer> RCVBUFFORCE = SockOpt.ofInt("SO_RCVBUFFORCE",
            SocketLevelOptions.RCVBUF.level(),
            33);

    private static final SockOpt<Integer> SNDBUFFORCE = SockOpt.ofInt("SO_SNDBUFFORCE",
            SocketLevelOptions.SNDBUF.level(),
            32);

    private BufferProbes() {}

    static Feature receive(String name) throws SyscallException {
        return limited(name, SocketLevelOptions.RCVBUF, "net.core.rmem_max");
    }

    static Feature send(String name) throws SyscallException {
        return limited(name, SocketLevelOptions.SNDBUF, "net.core.wmem_max");
    }

    static Feature receiveForced(String name) throws SyscallException {
        return forced(name, RCVBUFFORCE, SocketLevelOptions.RCVBUF);
    }

    static Feature sendForced(String name) throws SyscallException {
        return forced(name, SNDBUFFORCE, SocketLevelOptions.SNDBUF);
    }

    /** The kernel doubles the value that is set, and getsockopt returns the doubled value. */
    private static Feature limited(String name, SockOpt<Integer> option, String limit) throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            socket.set(option, MUCH);
            var most = socket.get(option);
            return Feature.works(name, most, "at most " + most + " bytes including overhead, twice " + limit);
        }
    }

    private static Feature forced(String name, SockOpt<Integer> option, SockOpt<Integer> size) throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET)) {
            socket.set(option, MUCH);
            var most = socket.get(size);
            return Feature.works(name, most, "allowed: " + most + " bytes were granted");
        }
    }
}
