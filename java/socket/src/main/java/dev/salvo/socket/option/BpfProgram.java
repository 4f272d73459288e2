package dev.salvo.socket.option;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.salvo.bindings.Linux;
import dev.salvo.bindings.sock_filter;
import dev.salvo.bindings.sock_fprog;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A program of classic BPF: {@code tcpdump -dd} prints one, and the kernel's Documentation/networking/filter.rst
 * explains them.
 *
 * @param instructions at most 4,096; the list is copied, and the copy is unmodifiable
 */
public record BpfProgram(List<Instruction> instructions) {

    /**
     * One instruction, a struct sock_filter.
     *
     * @param code the operation, 0 to 65,535: for instance 0x06, BPF_RET | BPF_K, returns {@code operand}
     * @param jumpIfTrue how many instructions are skipped if a comparison holds, 0 to 255
     * @param jumpIfFalse how many instructions are skipped if it does not hold, 0 to 255
     * @param operand 32 bits: an offset, a constant, or a place in memory
     */
    public record Instruction(int code, int jumpIfTrue, int jumpIfFalse, int operand) {

        /**
         * Creates an instruction.
         *
         * @throws IllegalArgumentException if {@code code} or a jump is out of range
         */
        public Instruction {
            if (code >>> 16 != 0 || jumpIfTrue >>> 8 != 0 || jumpIfFalse >>> 8 != 0) {
                throw new IllegalArgumentException("code is 0 to 65535, jumps are 0 to 255: " + code + ", " + jumpIfTrue
                        + ", " + jumpIfFalse);
            }
        }
    }

    private static final int HEADER = (int) sock_fprog.sizeof();
    private static final int INSTRUCTION = (int) sock_filter.sizeof();

    /** A struct sock_fprog, followed by the instructions that it points to. */
    static final SockOpt.Codec<BpfProgram> CODEC = new SockOpt.Codec<>() {
        @Override
        public int size() {
            return HEADER + Linux.BPF_MAXINSNS() * INSTRUCTION;
        }

        // SO_GET_FILTER returns a number of instructions, and writes only these (sk_get_filter in net/core/filter.c).
        @Override
        public BpfProgram read(MemorySegment memory, int length) {
            return new BpfProgram(IntStream.range(0, length)
                    .mapToObj(i -> read(memory, (long) i * INSTRUCTION))
                    .toList());
        }

        private static Instruction read(MemorySegment memory, long offset) {
            return new Instruction(
                    Short.toUnsignedInt(memory.get(JAVA_SHORT_UNALIGNED, offset + sock_filter.code$offset())),
                    Byte.toUnsignedInt(memory.get(JAVA_BYTE, offset + sock_filter.jt$offset())),
                    Byte.toUnsignedInt(memory.get(JAVA_BYTE, offset + sock_filter.jf$offset())),
                    memory.get(JAVA_INT_UNALIGNED, offset + sock_filter.k$offset()));
        }

        @Override
        public int write(MemorySegment memory, BpfProgram program) {
            var count = program.instructions.size();
            memory.set(JAVA_SHORT_UNALIGNED, sock_fprog.len$offset(), (short) count);
            memory.set(JAVA_LONG_UNALIGNED, sock_fprog.filter$offset(), memory.address() + HEADER);
            for (int i = 0; i < count; i++) {
                write(memory, HEADER + (long) i * INSTRUCTION, program.instructions.get(i));
            }
            return HEADER;
        }

        private static void write(MemorySegment memory, long offset, Instruction instruction) {
            memory.set(JAVA_SHORT_UNALIGNED, offset + sock_filter.code$offset(), (short) instruction.code);
            memory.set(JAVA_BYTE, offset + sock_filter.jt$offset(), (byte) instruction.jumpIfTrue);
            memory.set(JAVA_BYTE, offset + sock_filter.jf$offset(), (byte) instruction.jumpIfFalse);
            memory.set(JAVA_INT_UNALIGNED, offset + sock_filter.k$offset(), instruction.operand);
        }
    };

    /**
     * Creates a program.
     *
     * @throws IllegalArgumentException if it has more instructions than the kernel accepts
     */
    public BpfProgram {
        instructions = List.copyOf(instructions);
        if (instructions.size() > Linux.BPF_MAXINSNS()) {
            throw new IllegalArgumentException(
                    "a program has at most " + Linux.BPF_MAXINSNS() + " instructions, not " + instructions.size());
        }
    }
}
