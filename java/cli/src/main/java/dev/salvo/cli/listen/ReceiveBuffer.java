package dev.salvo.cli.listen;

import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.SocketLevelOptions;

/** The receive buffer of the listener's socket: where datagrams wait while lines are printed. */
final class ReceiveBuffer {

    /**
     * Holds a burst of 20,000 small datagrams: each takes 0.8 to 1.3 kB with its overhead, and the kernel grants twice
     * what is asked for. Its own default is 208 KiB.
     */
    static final String USUAL = "16M";

    private ReceiveBuffer() {}

    /**
     * Makes the buffer as large as possible up to a size, beyond net.core.rmem_max with CAP_NET_ADMIN.
     *
     * @return the granted size, in the measure of the wanted one, which leaves out the doubling for overhead
     */
    static int grow(UdpSocket socket, int bytes) throws SyscallException {
        try {
            socket.set(SocketLevelOptions.RCVBUFFORCE, bytes);
        } catch (SyscallException e) {
            // Mostly EPERM.
            socket.set(SocketLevelOptions.RCVBUF, bytes);
        }
        return socket.get(SocketLevelOptions.RCVBUF) / 2;
    }
}
