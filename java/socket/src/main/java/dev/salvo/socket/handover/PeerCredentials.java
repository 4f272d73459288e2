package dev.salvo.socket.handover;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.ucred;
import dev.salvo.kernel.Kernel;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SockOpt.Codec;
import java.lang.foreign.MemorySegment;
import java.util.function.Predicate;

/**
 * The process at the other end of a Unix socket (SO_PEERCRED of unix(7)). The kernel records the one that connects at
 * connect(2), and the one that listens at listen(2). So it says nothing about a process that received the socket later,
 * and the process id may belong to another process by now.
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

    /** Trusts peers that run as the same user as this process, or as root. */
    static Predicate<PeerCredentials> sameUserOrRoot(Kernel kernel) {
        var self = kernel.geteuid();
        return peer -> peer.uid() == self || peer.uid() == 0;
    }

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
