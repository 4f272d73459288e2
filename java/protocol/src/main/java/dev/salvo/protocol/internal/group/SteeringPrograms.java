package dev.salvo.protocol.internal.group;

import dev.salvo.socket.option.BpfProgram;
import dev.salvo.socket.option.BpfProgram.Instruction;
import java.util.ArrayList;
import java.util.List;

/** The programs that choose a member of an SO_REUSEPORT group: each returns a member's index. */
public final class SteeringPrograms {

    // linux/bpf_common.h and linux/filter.h: class, size, mode, operation and source of each code.
    private static final int LD_WORD = 0x20;
    private static final int LD_BYTE = 0x30;
    private static final int MODULO = 0x94;
    private static final int IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int RETURN_A = 0x16;

    /** SKF_AD_OFF + SKF_AD_CPU: the CPU that handles the packet. */
    private static final int CPU = -0x1000 + 36;

    private SteeringPrograms() {}

    /**
     * By a byte of the payload, modulo the members. A datagram that is too short goes to member 0, since a load beyond
     * its end makes the program return 0 (bpf_convert_filter of net/core/filter.c).
     */
    public static BpfProgram byPayload(int offset, int members) {
        return new BpfProgram(List.of(instruction(LD_BYTE, offset), instruction(MODULO, members),
                instruction(RETURN_A, 0)));
    }

    /** By the CPU: to the member that is pinned to it, or else to its number modulo the members. */
    public static BpfProgram byCpu(int[] cpus, int members) {
        var program = new ArrayList<Instruction>();
        program.add(instruction(LD_WORD, CPU));
        for (int member = 0; member < cpus.length; member++) {
            program.add(new Instruction(IF_EQUAL, 0, 1, cpus[member]));
            program.add(instruction(RETURN, member));
        }
        program.add(instruction(MODULO, members));
        program.add(instruction(RETURN_A, 0));
        return new BpfProgram(program);
    }

    /** A socket filter that drops everything, for a socket that must not receive yet. */
    static BpfProgram nothing() {
        return new BpfProgram(List.of(instruction(RETURN, 0)));
    }

    private static Instruction instruction(int code, int operand) {
        return new Instruction(code, 0, 0, operand);
    }
}
