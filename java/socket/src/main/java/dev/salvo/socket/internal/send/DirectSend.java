package dev.salvo.socket.internal.send;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.FileDescriptor;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.kernel.NativeAddress;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.descriptor.MappedMemory;
import dev.salvo.socket.internal.observe.Counters;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;

/** Sends single datagrams, each by one sendmsg: what the kernel answers is the answer. */
public final class DirectSend {

    private final FileDescriptor fd;
    private final Counters counters;
    private final MessageHeaders message;
    private final ByteBuffer room;

    /** @throws SyscallException if the kernel refuses the memory */
    public DirectSend(FileDescriptor fd, Counters counters, Arena arena) throws SyscallException {
        this.fd = fd;
        this.counters = counters;
        var memory = MappedMemory.allocate(fd.kernel(), arena, Outbox.MAX_DATAGRAM);
        room = memory.asByteBuffer();
        message = new MessageHeaders(arena, 1, 1);
        message.vector(0, memory, 0, 0);
        message.vectors(0, 0, 1);
        message.controlLength(0, 0);
    }

    /** Sends the bytes from the position to the limit, neither of which changes. Returns 0, or {@code -errno}. */
    public int send(ByteBuffer payload, NativeAddress to) {
        var length = payload.remaining();
        room.put(0, payload, payload.position(), length);
        message.name(0, to);
        message.vectorLength(0, length);
        counters.sendCalls++;
        var result = fd.sendmsg(message.from(0), Linux.MSG_DONTWAIT());
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
