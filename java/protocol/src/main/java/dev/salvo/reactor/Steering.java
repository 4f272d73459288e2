package dev.salvo.reactor;

import dev.salvo.protocol.internal.group.SteeringPrograms;
import dev.salvo.protocol.internal.group.SteeringRule;
import dev.salvo.socket.option.BpfProgram;
import org.jspecify.annotations.Nullable;

/** How the kernel chooses the member of a {@link ReactorGroup} that receives a datagram. */
public final class Steering {

    private interface Program {
        BpfProgram of(int[] cpus, int members);
    }

    private final String name;
    private final boolean byPayload;
    private final @Nullable Program program;

    private Steering(String name, boolean byPayload, @Nullable Program program) {
        this.name = name;
        this.byPayload = byPayload;
        this.program = program;
    }

    /**
     * Chooses by the kernel's hash of both addresses and both ports. Each flow always goes to the same member.
     *
     * @return the steering
     */
    public static Steering hash() {
        return new Steering("hash", false, null);
    }

    /**
     * Chooses by the CPU that handles the packet. A packet goes to the member that is {@linkplain ReactorGroup#pinned
     * pinned} to this CPU. If there is none, it goes to the member whose number is the CPU's number modulo the number
     * of members. Network cards with several queues choose the CPU by flow. Over loopback it is the sender's CPU.
     *
     * @return the steering
     */
    public static Steering cpu() {
        return new Steering("cpu", false, SteeringPrograms::byCpu);
    }

    /**
     * Chooses by a byte of the payload, modulo the number of members. The byte may be part of a connection id, which
     * stays the same when the peer's address changes. A datagram too short to have that byte goes to member 0.
     *
     * <p>
     * The kernel steers datagrams that travel together as one, by the first of them. Therefore the ports of the group
     * are opened with GRO off. Datagrams that come from a network have been separated. But over loopback, and between
     * the network namespaces of a host, datagrams that the sender joined (UDP_SEGMENT) arrive joined, and go to one
     * member. A sender there that mixes ids must send without joining: see
     * {@link dev.salvo.protocol.PortOptions#withCoalescing}.
     *
     * @param offset the byte's offset in the payload, 0 to 65,526
     * @return the steering
     * @throws IllegalArgumentException if no datagram has a byte at this offset
     */
    public static Steering payloadByte(int offset) {
        if (offset < 0 || offset > 65_526) {
            throw new IllegalArgumentException("offset out of range: " + offset);
        }
        return new Steering("payload byte " + offset, true,
                (cpus, members) -> SteeringPrograms.byPayload(offset, members));
    }

    /** The rule of a group. Its members are pinned to the CPUs, or to none if {@code cpus} is empty. */
    SteeringRule rule(int[] cpus, int members) {
        return new SteeringRule(program == null ? null : program.of(cpus, members), byPayload);
    }

    @Override
    public String toString() {
        return name;
    }
}
