package dev.salvo.protocol;

import dev.salvo.socket.UdpSocket;
import org.jspecify.annotations.Nullable;

/**
 * A member's place in the kernel's array of a port. The socket is the member's, not the port's, which may be closed
 * long before: when a socket is closed the last one moves into its place (__reuseport_detach_sock of
 * net/core/sock_reuseport.c), and a program chooses by place. On the member's thread.
 */
final class Place {

    private final GroupPort array;
    private final GroupMember member;
    private final PortSocket socket;
    private @Nullable UdpPort port;
    private boolean closed;

    Place(GroupPort array, GroupMember member, PortSocket socket) {
        this.array = array;
        this.member = member;
        this.socket = socket.at(this);
    }

    GroupMember member() {
        return member;
    }

    PortSocket portSocket() {
        return socket;
    }

    UdpSocket socket() {
        return socket.socket();
    }

    /** Null before it is served. */
    @Nullable
    UdpPort port() {
        return port;
    }

    void serve(UdpPort port) {
        this.port = port;
    }

    /** Its port is closed, or will never be: a second call does nothing. */
    void leave() {
        if (!closed) {
            closed = true;
            if (!array.keeps(this)) {
                member.giveUp(this);
            }
        }
    }

    /** Closes the socket. */
    void giveUp() {
        array.release(this);
        socket().close();
    }
}
