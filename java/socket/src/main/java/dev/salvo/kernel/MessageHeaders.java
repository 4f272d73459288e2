package dev.salvo.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.salvo.kernel.NativeAddress.Struct;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * An array of {@code struct mmsghdr}, with an address for each message and iovecs for all of them:
 *
 * <pre>
 * headers, 64 bytes each | addresses, 32 bytes each | iovecs, 16 bytes each
 * </pre>
 *
 * <p>
 * All of it is one allocation, so that the JIT checks only once whether it is still alive. {@code msghdr} is the first
 * member of {@code mmsghdr}, so sendmsg and recvmsg take an array of one.
 */
public final class MessageHeaders {

    private final MemorySegment memory;
    /** The part of it that is passed to system calls. */
    private final MemorySegment headers;
    private final long names;
    private final long vectors;

    public MessageHeaders(Arena arena, int messages, int vectors) {
        names = messages * Layouts.MMSGHDR;
        this.vectors = names + (long) messages * Struct.ROOM;
        memory = arena.allocate(this.vectors + vectors * Layouts.IOVEC, Long.BYTES);
        headers = memory.asSlice(0, names);
        for (int i = 0; i < messages; i++) {
            memory.set(JAVA_LONG, header(i) + Layouts.MSG_NAME, memory.address() + name(i));
        }
    }

    private static long header(int message) {
        return message * Layouts.MMSGHDR;
    }

    private long name(int message) {
        return names + (long) message * Struct.ROOM;
    }

    /** The headers of a message and of all messages after it, for a system call. */
    public MemorySegment from(int message) {
        return message == 0 ? headers : headers.asSlice(header(message));
    }

    /** Sets the address of a message. If there is none, its length is 0, and the kernel ignores the pointer. */
    public void name(int message, NativeAddress address) {
        var length = Struct.store(address, memory, name(message));
        memory.set(JAVA_INT, header(message) + Layouts.MSG_NAMELEN, length);
    }

    /** Sets an iovec; the bytes must be inside {@code payload}. */
    public void vector(int vector, MemorySegment payload, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, payload.byteSize());
        var at = vectors + vector * Layouts.IOVEC;
        memory.set(JAVA_LONG, at + Layouts.IOV_BASE, payload.address() + offset);
        memory.set(JAVA_LONG, at + Layouts.IOV_LEN, length);
    }

    /** Gives a message {@code count} iovecs, from {@code first} on. */
    public void vectors(int message, int first, int count) {
        memory.set(JAVA_LONG, header(message) + Layouts.MSG_IOV, memory.address() + vectors + first * Layouts.IOVEC);
        memory.set(JAVA_LONG, header(message) + Layouts.MSG_IOVLEN, count);
    }

    /** Gives a message {@code length} bytes of control messages, which must be inside {@code control}. */
    public void control(int message, MemorySegment control, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, control.byteSize());
        memory.set(JAVA_LONG, header(message) + Layouts.MSG_CONTROL, control.address() + offset);
        controlLength(message, length);
    }

    public void controlLength(int message, long length) {
        memory.set(JAVA_LONG, header(message) + Layouts.MSG_CONTROLLEN, length);
    }

    /** Prepares a message to be received. The kernel overwrites these three fields on each message that it delivers. */
    public void prepare(int message, long controlRoom) {
        memory.set(JAVA_INT, header(message) + Layouts.MSG_NAMELEN, Struct.ROOM);
        controlLength(message, controlRoom);
        memory.set(JAVA_INT, header(message) + Layouts.MSG_FLAGS, 0);
    }

    /**
     * The length of a received message. With MSG_TRUNC it is the full length, which may exceed the bytes that were
     * stored.
     */
    public int length(int message) {
        return memory.get(JAVA_INT, header(message) + Layouts.MSG_LEN);
    }

    public long controlLength(int message) {
        return memory.get(JAVA_LONG, header(message) + Layouts.MSG_CONTROLLEN);
    }

    public boolean hasFlag(int message, int flag) {
        return (memory.get(JAVA_INT, header(message) + Layouts.MSG_FLAGS) & flag) != 0;
    }

    /** Makes {@code address} show the address of a received message. */
    public void loadName(int message, NativeAddress address) {
        Struct.load(address, memory, name(message));
    }

    /** Whether the kernel wrote a whole address of either family. */
    public boolean hasName(int message) {
        return Struct.isWhole(memory, name(message), memory.get(JAVA_INT, header(message) + Layouts.MSG_NAMELEN));
    }
}
