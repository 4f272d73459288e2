package dev.salvo.protocol;

import dev.salvo.socket.Errno;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.SyscallException;
import dev.salvo.socket.option.SocketOptions;
import dev.salvo.socket.option.UdpOptions;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One port of a group: a socket for each member, in the kernel's array in this order. */
final class GroupPort {

    private static final Logger LOG = System.getLogger(Reactor.class.getName());

    /** Another process may be between bind and SO_REUSEPORT, as {@link #bindFirst} is for some microseconds. */
    private static final int TRIES = 5;

    private static final long BETWEEN_TRIES_NANOS = 1_000_000;

    private final GroupPorts group;
    private final List<GroupMember> members;
    private final Steering steering;
    private final SockAddr address;
    private final PortOptions options;
    private final List<Place> places = new CopyOnWriteArrayList<>();

    // What follows is guarded by the group.
    /** What the program says; null while the kernel's hash chooses. */
    private @Nullable Heirs steered;
    /** Whether the places in the array are those of the members, in their order. */
    private boolean own = true;
    private int open;
    private boolean abandoned;

    GroupPort(GroupPorts group, SockAddr address, PortOptions options) {
        this.group = group;
        this.members = group.members();
        this.steering = group.steering();
        this.address = address;
        this.options = options;
        open = members.size();
    }

    /** Has all members serve, or leaves nothing open and throws what went wrong. */
    List<DatagramTransport> listen(IntFunction<? extends DatagramProtocol> protocols) throws Exception {
        try {
            bind();
            requireAlone();
            if (!steering.byHash()) {
                steer();
            }
            var ports = new ArrayList<DatagramTransport>();
            for (var place : places) {
                var member = place.member();
                ports.add(member.call(() -> member.serve(place, protocols, options)));
            }
            return ports;
        } catch (Throwable t) {
            abandon(t);
            throw t;
        }
    }

    /** Until all are bound and the program chooses, steered sockets receive nothing. */
    private void bind() throws Exception {
        var local = address;
        for (var member : members) {
            var to = local;
            var place = member.call(() -> {
                var socket = member.index() == 0 ? bindFirst(to) : bind(to, false);
                return member.keep(new Place(this, member, socket));
            });
            places.add(place);
            if (local.port() == 0) {
                local = member.call(() -> place.socket().localAddress());
            }
        }
    }

    /**
     * The first is bound alone: so the kernel's choice for port 0, which may be the port of another group of this user
     * where SO_REUSEPORT is set (udp_lib_get_port of net/ipv4/udp.c), is nobody's, and a program finds the group's
     * places at the beginning of the array. A group that needs no program may join others.
     */
    private PortSocket bindFirst(SockAddr address) throws SyscallException {
        for (int left = TRIES;; left--) {
            try {
                return bind(address, true);
            } catch (SyscallException e) {
                if (e.errno() != Errno.EADDRINUSE || !steering.byHash() || address.port() == 0) {
                    throw e;
                }
            }
            try {
                var joined = bind(address, false);
                loseCount();
                return joined;
            } catch (SyscallException e) {
                if (e.errno() != Errno.EADDRINUSE || left == 1) {
                    throw e;
                }
            }
            LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
        }
    }

    /** Since its first socket shares the port, another process's may have come between the group's. */
    private void requireAlone() throws Exception {
        var first = places.getFirst();
        var local = first.member().call(() -> first.socket().localAddress());
        if (first.member().call(() -> BoundSockets.count(local)) > members.size()) {
            if (!steering.byHash()) {
                throw new SyscallException("bind", local + ", which another shares", Errno.EADDRINUSE);
            }
            loseCount();
        }
    }

    private PortSocket bind(SockAddr address, boolean alone) throws SyscallException {
        var opened = PortSocket.open(address, options.withSharedPort(!alone), socket -> {
            if (steering.byPayload()) {
                PortSocket.setIfPossible(socket, UdpOptions.GRO, false);
            }
            if (!steering.byHash()) {
                socket.set(SocketOptions.ATTACH_FILTER, SteeringPrograms.nothing());
            }
        });
        try {
            if (alone && (members.size() > 1 || steering.byHash())) {
                opened.socket().set(SocketOptions.REUSEPORT, true);
            }
            return opened;
        } catch (SyscallException e) {
            opened.close();
            throw e;
        }
    }

    private void steer() throws Exception {
        if (members.size() > 1) {
            members.getFirst().call(() -> {
                steer(members.getFirst(), Heirs.of(members.size()));
                return true;
            });
        }
        for (var place : places) {
            place.member().call(() -> {
                place.socket().set(SocketOptions.DETACH_FILTER, 0);
                return true;
            });
        }
    }

    /** On the member's thread: its socket sets the program of all, none for null. */
    void steer(GroupMember member, @Nullable Heirs heirs) throws SyscallException {
        synchronized (group.lock()) {
            var socket = places.get(member.index()).socket();
            if (heirs == null) {
                socket.set(SocketOptions.DETACH_REUSEPORT_BPF, 0);
            } else {
                socket.set(SocketOptions.ATTACH_REUSEPORT_CBPF, steering.program(group.cpus(), heirs.toArray()));
            }
            steered = heirs;
        }
    }

    /** What {@link #steer} has set; guarded by the group. */
    @Nullable
    Heirs steered() {
        return steered;
    }

    /** On the member's thread, guarded by the group: the kernel deals it nothing more, unless it is the last. */
    void steerAround(GroupMember member) throws SyscallException {
        var before = steered == null ? Heirs.of(members.size()) : steered;
        var without = before.without(member.index());
        if (without != before) {
            steer(member, without);
        }
    }

    private void loseCount() {
        synchronized (group.lock()) {
            own = false;
        }
    }

    /** Guarded by the group. */
    void requireOwn() {
        if (!own) {
            throw new IllegalStateException("port " + address.port()
                    + " is shared with sockets that are not the group's: nobody can leave");
        }
    }

    /** Guarded by the group. */
    boolean isOpen() {
        return open > 0 && !abandoned;
    }

    /**
     * On the place's thread: its port is closed. Whether its socket has to stay; the last one takes all with it. While
     * the group stops without a program the kernel deals what comes to those that are still open, another process's
     * too.
     */
    boolean keeps(Place place) {
        synchronized (group.lock()) {
            open--;
            if (abandoned) {
                return false;
            }
            if (group.isStopping()) {
                return steered != null;
            }
            if (open == 0) {
                group.closed(this);
                places.stream().filter(other -> other != place).forEach(this::giveUp);
                return false;
            }
            return own && keepsSteered(place);
        }
    }

    /**
     * On the place's thread, before its socket is closed with all the others: the program is the array's, and would go
     * on choosing for whoever shares the port then.
     */
    void release(Place place) {
        synchronized (group.lock()) {
            if (steered != null) {
                try {
                    place.socket().set(SocketOptions.DETACH_REUSEPORT_BPF, 0);
                    steered = null;
                } catch (SyscallException | RuntimeException e) {
                    LOG.log(Logger.Level.WARNING, "a group's program is still attached to {0}: {1}", address,
                            e.getMessage());
                }
            }
        }
    }

    private boolean keepsSteered(Place place) {
        try {
            steerAround(place.member());
        } catch (SyscallException | RuntimeException e) {
            LOG.log(Logger.Level.ERROR, "member " + place.member().index()
                    + " of a group has closed a port, and the kernel deals it to nobody else", e);
            if (steered == null) {
                own = false;
            }
        }
        return steered != null;
    }

    private void giveUp(Place place) {
        // One that has ended does it when the group ends.
        place.member().reactor().callFromThread(() -> place.member().giveUp(place));
    }

    /** Closes what is open. One that has ended closes its own. */
    private void abandon(Throwable reason) {
        synchronized (group.lock()) {
            abandoned = true;
        }
        for (var place : places) {
            try {
                place.member().call(() -> {
                    place.member().abandon(place);
                    return true;
                });
            } catch (Exception | Error e) {
                if (e != reason) {
                    reason.addSuppressed(e);
                }
            }
        }
    }
}
