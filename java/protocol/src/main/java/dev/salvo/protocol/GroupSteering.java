package dev.salvo.protocol;

import dev.salvo.socket.SyscallException;
import dev.salvo.socket.option.BpfProgram;
import java.util.ArrayList;
import java.util.List;

/** The programs of a group's ports, and who serves for those who have left. Guarded by the group's lock. */
final class GroupSteering {

    private final Steering steering;
    private final int[] cpus;
    private final Heirs heirs;
    private final List<GroupPort> ports = new ArrayList<>();

    GroupSteering(Steering steering, int[] cpus, int members) {
        this.steering = steering;
        this.cpus = cpus;
        heirs = new Heirs(members);
    }

    /** For the members that serve. */
    BpfProgram program() {
        return steering.program(cpus, heirs.toArray());
    }

    void add(GroupPort port) {
        ports.add(port);
    }

    /** Whether one has left, or is about to. */
    boolean anyLeft() {
        return heirs.anyLeft();
    }

    /**
     * One is to leave.
     *
     * @throws IllegalStateException if it can't
     */
    void leave(int member) {
        ports.forEach(GroupPort::requireOwn);
        heirs.leave(member);
    }

    /** It stays after all. */
    void stay(int member) {
        heirs.stay(member);
    }

    /** Steers all ports past one, or none; on its thread. */
    void steerAround(int leaver) throws SyscallException {
        var before = program();
        var without = heirs.without(leaver);
        var steered = new ArrayList<GroupPort>();
        try {
            for (var port : ports) {
                port.steer(leaver, steering.program(cpus, without));
                steered.add(port);
            }
        } catch (SyscallException | RuntimeException e) {
            for (var port : steered) {
                steerBack(port, leaver, before, e);
            }
            throw e;
        }
        heirs.set(without);
    }

    private static void steerBack(GroupPort port, int member, BpfProgram before, Exception reason) {
        try {
            port.steer(member, before);
        } catch (SyscallException | RuntimeException e) {
            reason.addSuppressed(e);
        }
    }
}
