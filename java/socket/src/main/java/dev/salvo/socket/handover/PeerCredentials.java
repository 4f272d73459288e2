package dev.salvo.socket.handover;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.ucred;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SockOpt.Codec;
import java.lang.foreign.MemorySegment;

/**
 * The process that connected to a Unix socket (SO_PEERCRED of unix(7)). The kernel records it at connect. So it says
 * nothing about a process that received the connection later, and the process id may belong to another process by now.
 *
 * @param pid the process id
 * @param uid the effective user id; one above 2^31 - 1 is negative here
 * @param gid the effective group id
 */
public record PeerCredentials(int pid, int uid, int gid) {

    static final SockOpt<PeerCredentials> PEERCRED = new SockOpt<>("SO_PEERCRED", PeerCredentials.class,
            Linux.SOL_SOCKET(), Linux.SO_PEERCRED(), Codec.of(ucred.sizeof(), PeerCredentials::read, (memory, it) -> {
                throw new UnsupportedOperationException("SO_PEERCRED can only be read");
            }));

    private static PeerCredentials read(MemorySegment memory) {
        return new PeerCredentials(
                memory.get(JAVA_INT, ucred.pid$offset()),
                memory.get(JAVA_INT, ucred.uid$offset()),
                memory.get(JAVA_INT, ucred.gid$offset()));
    }

    /** {@return the peer in words, for messages} */
    @Override
    public String toString() {
        return "peer (pid " + pid + ", uid " + uid + ", gid " + gid + ")";
    }
}
