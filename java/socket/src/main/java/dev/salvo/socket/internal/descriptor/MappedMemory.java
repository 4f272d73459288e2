package dev.salvo.socket.internal.descriptor;

import dev.salvo.kernel.Kernel;
import dev.salvo.linux.SyscallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Allocates large memory, whose pages take no RAM until they are used. {@link Arena#allocate} would use each page,
 * since it zeroes them.
 */
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
