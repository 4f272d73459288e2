package dev.salvo.socket.option;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.salvo.kernel.LinuxExtras;
import java.lang.foreign.MemorySegment;

/**
 * What SO_MEMINFO reports about a socket: numbers of bytes, except for the drops; each is an unsigned 32-bit number.
 * sock_diag(7) describes the same list under INET_DIAG_SKMEMINFO.
 *
 * @param receiveAllocated bytes charged for what was received and is not yet read, the error queue included
 * @param receiveBuffer the limit of {@code receiveAllocated}: the value of SO_RCVBUF
 * @param sendAllocated bytes charged for what was sent and has not left yet
 * @param sendBuffer the limit of {@code sendAllocated}: the value of SO_SNDBUF
 * @param forwardAllocated bytes reserved for what is received next
 * @param sendQueued bytes queued for sending; 0 for UDP unless it is corked
 * @param optionMemory bytes used by filters and multicast memberships, which net.core.optmem_max limits
 * @param backlog bytes on the backlog; 0 for UDP
 * @param drops packets that the socket dropped because its receive buffer was full, because its filter rejected them,
 *     or because their checksum was wrong. The count wraps to 0 at 2^32
 */
public record MemoryInfo(long receiveAllocated, long receiveBuffer, long sendAllocated, long sendBuffer,
        long forwardAllocated, long sendQueued, long optionMemory, long backlog, long drops) {

    // The kernel refuses to set it (ENOPROTOOPT).
    static final SockOpt.Codec<MemoryInfo> CODEC = SockOpt.Codec.of(
            LinuxExtras.SK_MEMINFO_VARS * Integer.BYTES, MemoryInfo::read, (memory, value) -> {});

    private static MemoryInfo read(MemorySegment memory) {
        return new MemoryInfo(
                word(memory, 0), word(memory, 1), word(memory, 2), word(memory, 3), word(memory, 4), word(memory,
                        5),
                word(memory, 6), word(memory, 7), word(memory, LinuxExtras.SK_MEMINFO_DROPS));
    }

    private static long word(MemorySegment memory, int index) {
        return Integer.toUnsignedLong(memory.get(JAVA_INT_UNALIGNED, (long) index * Integer.BYTES));
    }
}
