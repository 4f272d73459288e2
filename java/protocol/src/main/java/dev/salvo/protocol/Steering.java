package dev.salvo.protocol;

import dev.salvo.socket.option.BpfProgram;
import java.util.concurrent.ThreadLocalRandom;

/** How the kernel chooses the member of a {@link ReactorGroup} that gets a datagram. */
public final class Steering {

    private interface Program {
        BpfProgram of(int[] cpus, int[] heirs);
    }

    private final String name;
    private final boolean byPayload;
    private final boolean byHash;
    private final Program program;

    private Steering(String name, boolean byPayload, boolean byHash, Program program) {
        this.name = name;
        this.byPayload = byPayload;
        this.byHash = byHash;
        this.program = program;
    }

    /**
     * By the kernel's hash of both addresses and ports: each flow has its member. When a member leaves, flows move:
     * from the first time on a program chooses, by a hash of the source, which the second time moves those of the
     * leaver alone.
     *
     * @return the steering
     */
    public static Steering hash() {
        var seed = ThreadLocalRandom.current().nextInt();
        return new Steering("hash", false, true, (cpus, heirs) -> SteeringPrograms.byFlow(seed, heirs));
    }

    /**
     * By the CPU that handles the packet, which network cards with several queues choose by flow: to the member that is
     * {@linkplain ReactorGroup#pinned pinned} to it, or else to the member of its number modulo the members. Over
     * loopback it is the sender's CPU.
     *
     * @return the steering
     */
    public static Steering cpu() {
        return new Steering("cpu", false, false, SteeringPrograms::byCpu);
    }

    /**
     * By a byte of the payload, modulo the members: a part of a connection id, say, that stays when the peer's address
     * changes. A datagram that has no such byte goes to member 0.
     *
     * <p>The kernel chooses once for what travels together, by the first datagram of it. So ports that are steered this
     * way open with GRO off. Over loopback, and between the network namespaces of a host, what the sender gave to the
     * kernel together (UDP_SEGMENT) arrives together all the same, and goes to one member whole: a sender there that
     * mixes ids has to send without, as {@link PortOptions#withCoalescing} says. What comes from a network has been
     * taken apart.
     *
     * @param offset where in the payload, 0 to 65,526
     * @return the steering
     * @throws IllegalArgumentException if no datagram has such a byte
     */
    public static Steering payloadByte(int offset) {
        if (offset < 0 || offset > 65_526) {
            throw new IllegalArgumentException("offset out of range: " + offset);
        }
        return new Steering("payload byte " + offset, true, false,
                (cpus, heirs) -> SteeringPrograms.byPayload(offset, heirs));
    }

    /** Whether datagrams that travel together may be for different members. */
    boolean byPayload() {
        return byPayload;
    }

    /** Whether the kernel does it by itself, until a member leaves. */
    boolean byHash() {
        return byHash;
    }

    /** The program for members with these CPUs, none if they are not pinned, of which some may have left. */
    BpfProgram program(int[] cpus, int[] heirs) {
        return program.of(cpus, heirs);
    }

    @Override
    public String toString() {
        return name;
    }
}
