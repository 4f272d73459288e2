package dev.salvo.socket.internal.descriptor;

import dev.salvo.kernel.FileDescriptor;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.SocketLevelOptions;
import java.lang.foreign.Arena;
import java.net.StandardProtocolFamily;

/** Compares network namespaces. */
public final class NetworkNamespace {

    private NetworkNamespace() {}

    /**
     * Whether a socket is of another namespace than the calling thread. Before Linux 5.14, which has no
     * SO_NETNS_COOKIE, the answer is false.
     */
    static boolean isForeign(FileDescriptor socket) throws SyscallException {
        var mine = UdpDescriptors.open(socket.kernel(), StandardProtocolFamily.INET, 0);
        try (var arena = Arena.ofConfined()) {
            return differ(new OptionCalls(socket, arena), new OptionCalls(mine, arena));
        } finally {
            mine.close();
        }
    }

    /** Whether two sockets are of different namespaces; false if the kernel can't tell. */
    public static boolean differ(OptionCalls one, OptionCalls other) throws SyscallException {
        return one.has(SocketLevelOptions.NETNS_COOKIE)
                && !one.get(SocketLevelOptions.NETNS_COOKIE).equals(other.get(SocketLevelOptions.NETNS_COOKIE));
    }
}
