package dev.salvo.socket.internal.send;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.MappedMemory;
import dev.salvo.socket.internal.observe.Counters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Sends single datagrams, each by one sendto: what the kernel answers is the answer. */
public final class DirectSend {

    private final FileDescriptor fd;
    private final Counters counters;
    private final MemorySegment payload;
    private final ByteBuffer room;
    private final MemorySegment address;

    /** @throws SyscallException if the kernel refuses the memory */
    public DirectSend(FileDescriptor fd, Counters counters, Arena arena) throws SyscallException {
        this.fd = fd;
        this.counters = counters;
        payload = MappedMemory.allocate(fd.kernel(), arena, Outbox.MAX_DATAGRAM);
        room = payload.asByteBuffer();
        address = arena.allocate(Struct.ROOM, Long.BYTES);
    }

    /** Sends the bytes from the position to the limit, neither of which changes. Returns 0, or {@code -errno}. */
    public int send(ByteBuffer bytes, NativeAddress to) {
        var length = bytes.remaining();
        room.put(0, bytes, bytes.position(), length);
        var addressLength = Struct.store(to, address, 0);
        counters.sendCalls++;
        var result = fd.sendto(payload, length, Linux.MSG_DONTWAIT(),
                addressLength == 0 ? MemorySegment.NULL : address, addressLength);
        if (result >= 0) {
            counters.messagesSent++;
            counters.datagramsSent++;
            counters.bytesSent += length;
            return 0;
        }
        if (result == -Linux.EAGAIN()) {
            counters.sendsBlocked++;
        } else {
            counters.datagramsFailed++;
        }
        return (int) result;
    }
}
