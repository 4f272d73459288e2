package dev.salvo.socket.internal;

import dev.salvo.socket.SyscallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Large memory whose pages cost nothing until they are touched; {@link Arena#allocate} zeroes, so touches, each. */
public final class MappedMemory {

    private MappedMemory() {}

    /**
     * Maps {@code length} bytes that live as long as {@code arena}.
     *
     * @throws SyscallException if the kernel refuses
     */
    @SuppressWarnings("restricted")
    public static MemorySegment allocate(Kernel kernel, Arena arena, long length) throws SyscallException {
        var address = SyscallErrors.check("mmap", kernel.mmap(length));
        return MemorySegment.ofAddress(address).reinterpret(length, arena, m -> kernel.munmap(address, length));
    }
}
