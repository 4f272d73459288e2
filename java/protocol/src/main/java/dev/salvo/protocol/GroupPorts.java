package dev.salvo.protocol;

import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The ports of a group, and who has left them. Any thread may call this. */
final class GroupPorts {

    private static final String BUSY = "a port of the group is being opened";

    private final GroupLife life;
    private final List<GroupMember> members;
    private final Steering steering;
    private final int[] cpus;

    /** Nobody is called, or waited for, while it is held. */
    private final Object lock = new Object();
    private final List<GroupPort> ports = new ArrayList<>();
    private final Set<GroupMember> leavers = new HashSet<>();
    private boolean listening;

    GroupPorts(GroupLife life, List<GroupMember> members, Steering steering, int[] cpus) {
        this.life = life;
        this.members = members;
        this.steering = steering;
        this.cpus = cpus;
    }

    List<GroupMember> members() {
        return members;
    }

    Steering steering() {
        return steering;
    }

    int[] cpus() {
        return cpus;
    }

    Object lock() {
        return lock;
    }

    boolean isStopping() {
        return life.isStopping();
    }

    /** See {@link ReactorGroup#listenUdp}. */
    List<DatagramTransport> listen(SockAddr address, IntFunction<? extends DatagramProtocol> protocols,
            PortOptions options) throws CannotListenException {
        synchronized (lock) {
            life.requireRunning();
            if (listening || !leavers.isEmpty()) {
                throw new IllegalStateException(listening ? BUSY : "a member has left the group");
            }
            listening = true;
        }
        var port = new GroupPort(this, address, options);
        try {
            return port.listen(protocols);
        } catch (IOException e) {
            throw new CannotListenException(options.interfaceAddress(), address.port(), e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("startProtocol", e);
        } finally {
            synchronized (lock) {
                listening = false;
                if (port.isOpen()) {
                    ports.add(port);
                }
            }
        }
    }

    /** All members have closed it; guarded by the lock. */
    void closed(GroupPort port) {
        ports.remove(port);
    }

    /** See {@link ReactorGroup#leave}. */
    CompletionStage<Void> leave(int number) {
        var leaver = members.get(number);
        var left = new CompletableFuture<Void>();
        synchronized (lock) {
            life.requireRunning();
            if (listening) {
                throw new IllegalStateException(BUSY);
            }
            if (leavers.contains(leaver)) {
                throw new IllegalStateException("member " + number + " has left the group");
            }
            if (leavers.size() == members.size() - 1) {
                throw new IllegalStateException("member " + number + " is the last of the group: stop the group");
            }
            ports.forEach(GroupPort::requireOwn);
            leavers.add(leaver);
        }
        leaver.ask(() -> depart(leaver, left), left);
        return left;
    }

    /** On the leaver's thread. */
    private void depart(GroupMember leaver, CompletableFuture<Void> left) {
        var refused = steerAround(leaver);
        if (refused == null) {
            leaver.departs(left);
            new Departure(leaver).begin();
        } else {
            left.completeExceptionally(refused);
        }
    }

    /** Past one on all ports, or all are as they were; what was wrong then. */
    private @Nullable Exception steerAround(GroupMember leaver) {
        synchronized (lock) {
            var before = new LinkedHashMap<GroupPort, @Nullable Heirs>();
            try {
                for (var port : ports) {
                    port.requireOwn();
                    before.put(port, port.steered());
                    port.steerAround(leaver);
                }
                return null;
            } catch (SyscallException | RuntimeException e) {
                leavers.remove(leaver);
                before.forEach((port, heirs) -> restore(leaver, port, heirs, e));
                return e;
            }
        }
    }

    private static void restore(GroupMember leaver, GroupPort port, @Nullable Heirs heirs, Exception reason) {
        if (port.steered() != heirs) {
            try {
                port.steer(leaver, heirs);
            } catch (SyscallException | RuntimeException e) {
                reason.addSuppressed(e);
            }
        }
    }
}
