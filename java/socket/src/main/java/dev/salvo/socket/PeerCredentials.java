package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.ucred;
import dev.salvo.socket.option.SockOpt;
import java.lang.foreign.MemorySegment;

/**
 * Who connected to a Unix socket: SO_PEERCRED of unix(7). The kernel notes it at connect, so it tells nothing about a
 * process that was handed the connection later, and the process id may be another's by now.
 *
 * @param pid the process id
 * @param uid the effective user id; one above 2^31 - 1 is negative here
 * @param gid the effective group id
 */
public record PeerCredentials(int pid, int uid, int gid) {

    static final SockOpt<PeerCredentials> PEERCRED = new SockOpt<>(
            "SO_PEERCRED", PeerCredentials.class, Linux.SOL_SOCKET(), Linux.SO_PEERCRED(), new Codec());

    private static final class Codec implements SockOpt.Codec<PeerCredentials> {

        @Override
        public int size() {
            return (int) ucred.sizeof();
        }

        @Override
        public PeerCredentials read(MemorySegment memory, int length) {
            return new PeerCredentials(
                    memory.get(JAVA_INT, ucred.pid$offset()),
                    memory.get(JAVA_INT, ucred.uid$offset()),
                    memory.get(JAVA_INT, ucred.gid$offset()));
        }

        @Override
        public int write(MemorySegment memory, PeerCredentials value) {
            throw new UnsupportedOperationException("SO_PEERCRED can only be read");
        }
    }
}
