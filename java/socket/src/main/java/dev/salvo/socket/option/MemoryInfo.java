package dev.salvo.socket.option;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.salvo.socket.internal.HandWritten;
import java.lang.foreign.MemorySegment;

/**
 * What SO_MEMINFO says of a socket: bytes, except for the drops, each of 32 bits without a sign. sock_diag(7) has the
 * manual of the same list, under INET_DIAG_SKMEMINFO.
 *
 * @param receiveAllocated bytes that what was received and not yet taken is charged with, the error queue included
 * @param receiveBuffer the limit of it, what SO_RCVBUF reads as
 * @param sendAllocated bytes that what was sent and has not left yet is charged with
 * @param sendBuffer the limit of it, what SO_SNDBUF reads as
 * @param forwardAllocated bytes set aside for what is to be received next
 * @param sendQueued bytes queued for sending; 0 for UDP unless it is corked
 * @param optionMemory bytes used by filters and multicast memberships, which net.core.optmem_max limits
 * @param backlog bytes on the backlog; 0 for UDP
 * @param drops packets that the socket dropped: for want of room, by its filter, or with a wrong checksum. It wraps
 *     around at 2^32
 */
public record MemoryInfo(long receiveAllocated, long receiveBuffer, long sendAllocated, long sendBuffer,
        long forwardAllocated, long sendQueued, long optionMemory, long backlog, long drops) {

    static final SockOpt.Codec<MemoryInfo> CODEC = new SockOpt.Codec<>() {
        @Override
        public int size() {
            return HandWritten.SK_MEMINFO_VARS * Integer.BYTES;
        }

        @Override
        public MemoryInfo read(MemorySegment memory, int length) {
            return new MemoryInfo(
                    word(memory, 0),
                    word(memory, 1),
                    word(memory, 2),
                    word(memory, 3),
                    word(memory, 4),
                    word(memory, 5),
                    word(memory, 6),
                    word(memory, 7),
                    word(memory, HandWritten.SK_MEMINFO_DROPS));
        }

        private static long word(MemorySegment memory, int index) {
            return Integer.toUnsignedLong(memory.get(JAVA_INT_UNALIGNED, (long) index * Integer.BYTES));
        }

        // The kernel refuses it, whatever it is (ENOPROTOOPT).
        @Override
        public int write(MemorySegment memory, MemoryInfo value) {
            memory.asSlice(0, size()).fill((byte) 0);
            return size();
        }
    };
}
