package dev.salvo.protocol;

import dev.salvo.socket.option.BpfProgram;
import dev.salvo.socket.option.BpfProgram.Instruction;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs by which a group of SO_REUSEPORT chooses a member. Each ends in the number of a member, which {@code
 * heirs} maps to who serves for it: itself, or for one that has left another.
 *
 * <p>A load that reaches beyond the datagram ends a program with 0 (sk_run_filter, now bpf_convert_filter, of
 * net/core/filter.c), and member 0 may have left: so none does.
 */
final class SteeringPrograms {

    // linux/bpf_common.h and linux/filter.h: class, size, mode, operation and source of each code.
    private static final int LD_LENGTH = 0x80;
    private static final int LD_WORD = 0x20;
    private static final int LD_BYTE = 0x30;
    private static final int LD_WORD_AT_X = 0x40;
    private static final int LDX_HEADER_LENGTH = 0xb1;
    private static final int MULTIPLY = 0x24;
    private static final int SHIFT_RIGHT = 0x74;
    private static final int MODULO = 0x94;
    private static final int XOR = 0xa4;
    private static final int XOR_X = 0xac;
    private static final int JUMP = 0x05;
    private static final int IF_EQUAL = 0x15;
    private static final int IF_GREATER = 0x25;
    private static final int RETURN = 0x06;
    private static final int RETURN_A = 0x16;
    private static final int A_TO_X = 0x07;

    /** SKF_AD_OFF + SKF_AD_CPU: the CPU that handles the packet. */
    private static final int CPU = -0x1000 + 36;
    /** SKF_NET_OFF: from here on, the IP header. */
    private static final int IP = -0x100000;
    private static final int IPV4_SOURCE = IP + 12;
    /** The last quarter of the address. */
    private static final int IPV6_SOURCE = IP + 8 + 12;
    /**
     * Behind a header without extensions; with some, the bytes that are there, which a flow has in common as a rule.
     */
    private static final int IPV6_PORTS = IP + 40;

    /** 2 to the power of 32 divided by the golden ratio: its products differ in their upper halves. */
    private static final int GOLDEN = 0x9E3779B1;

    private SteeringPrograms() {}

    /** By a byte of the payload, at whose first byte the program begins; who is too short goes to member 0. */
    static BpfProgram byPayload(int offset, int[] heirs) {
        var program = new ArrayList<Instruction>();
        add(program, LD_LENGTH, 0);
        program.add(new Instruction(IF_GREATER, 1, 0, offset));
        add(program, RETURN, heirs[0]);
        add(program, LD_BYTE, offset);
        return modulo(program, heirs);
    }

    /** By the CPU, each to the member that is pinned to it; where none is, and where {@code cpus} is empty, in turn. */
    static BpfProgram byCpu(int[] cpus, int[] heirs) {
        var program = new ArrayList<Instruction>();
        add(program, LD_WORD, CPU);
        for (int member = 0; member < cpus.length; member++) {
            program.add(new Instruction(IF_EQUAL, 0, 1, cpus[member]));
            add(program, RETURN, heirs[member]);
        }
        return modulo(program, heirs);
    }

    /** By the source's address and port, and {@code seed}: peers choose their ports. */
    static BpfProgram byFlow(int seed, int[] heirs) {
        var program = new ArrayList<Instruction>();
        add(program, LD_BYTE, IP);
        add(program, SHIFT_RIGHT, 4);
        program.add(new Instruction(IF_EQUAL, 5, 0, 6));
        add(program, LDX_HEADER_LENGTH, IP);
        add(program, LD_WORD_AT_X, IP);
        add(program, A_TO_X, 0);
        add(program, LD_WORD, IPV4_SOURCE);
        add(program, JUMP, 3);
        add(program, LD_WORD, IPV6_PORTS);
        add(program, A_TO_X, 0);
        add(program, LD_WORD, IPV6_SOURCE);
        add(program, XOR_X, 0);
        add(program, XOR, seed);
        add(program, MULTIPLY, GOLDEN);
        add(program, SHIFT_RIGHT, 16);
        return modulo(program, heirs);
    }

    /** Drops everything: a filter, for a socket that is not to receive yet. */
    static BpfProgram nothing() {
        return new BpfProgram(List.of(new Instruction(RETURN, 0, 0, 0)));
    }

    private static BpfProgram modulo(List<Instruction> program, int[] heirs) {
        add(program, MODULO, heirs.length);
        for (int member = 0; member < heirs.length; member++) {
            if (heirs[member] != member) {
                program.add(new Instruction(IF_EQUAL, 0, 1, member));
                add(program, RETURN, heirs[member]);
            }
        }
        add(program, RETURN_A, 0);
        return new BpfProgram(program);
    }

    private static void add(List<Instruction> program, int code, int operand) {
        program.add(new Instruction(code, 0, 0, operand));
    }
}
