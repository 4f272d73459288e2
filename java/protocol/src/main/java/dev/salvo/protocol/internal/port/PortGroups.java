package dev.salvo.protocol.internal.port;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.protocol.MulticastJoinException;
import dev.salvo.socket.Multicast;
import dev.salvo.socket.SockAddr;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.Ipv6Options;
import java.net.StandardProtocolFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * The groups that a port has joined.
 *
 * <p>
 * A membership belongs to the index of an interface. What a program named it by may mean another interface later, or
 * none: the interface was removed, an address or the default route has changed. So each join is remembered with its
 * index, and the same words leave it. The kernel keeps a membership of a removed interface until it is left, and counts
 * it.
 */
final class PortGroups {

    /** A membership, and the words that it was joined by. */
    private record Joined(SockAddr group, String networkInterface, int index) {
    }

    /** A call of {@link Multicast} for a group on an interface. Returns the index. */
    private interface Change {
        int make(SockAddr group, int index) throws SyscallException;
    }

    private final UdpSocket socket;
    private final Connection connection;
    /** In the order of joining. */
    private final List<Joined> joined = new ArrayList<>();

    PortGroups(UdpSocket socket, Connection connection) {
        this.socket = socket;
        this.connection = connection;
    }

    int join(GroupRequest request) throws MulticastJoinException {
        return begin(request, (group, index) -> Multicast.join(socket, group, index));
    }

    int joinSource(GroupRequest request) throws MulticastJoinException {
        var source = request.sourceAddress();
        return begin(request, (group, index) -> Multicast.joinSource(socket, group, source, index));
    }

    void leave(GroupRequest request) throws MulticastJoinException {
        change(request, (group, index) -> {
            Multicast.leave(socket, group, index);
            forget(group, index);
            return index;
        });
    }

    void leaveSource(GroupRequest request) throws MulticastJoinException {
        var source = request.sourceAddress();
        change(request, (group, index) -> {
            try {
                Multicast.leaveSource(socket, group, source, index);
            } catch (SyscallException e) {
                if (e.errno() != Errno.ENODEV || !isGone(index)) {
                    throw e;
                }
                // ip_mc_source looks for the interface, ip_mc_leave_group does not need it.
                leaveGone(group, index);
                joined.remove(new Joined(group, request.interfaceWords(), index));
                return index;
            }
            if (!Multicast.isMember(socket, group, index)) {
                forget(group, index);
            }
            return index;
        });
    }

    void blockSource(GroupRequest request) throws MulticastJoinException {
        var source = request.sourceAddress();
        change(request, (group, index) -> {
            Multicast.blockSource(socket, group, source, index);
            return index;
        });
    }

    void unblockSource(GroupRequest request) throws MulticastJoinException {
        var source = request.sourceAddress();
        change(request, (group, index) -> {
            Multicast.unblockSource(socket, group, source, index);
            return index;
        });
    }

    private int begin(GroupRequest request, Change call) throws MulticastJoinException {
        var group = request.groupAddress();
        var words = request.interfaceWords();
        requireAudible(request, group);
        try {
            var named = Multicast.interfaceIndex(socket, words);
            letGo(group, words, named);
            var index = call.make(group, named);
            var latest = new Joined(group, words, index);
            joined.remove(latest);
            joined.add(latest);
            return index;
        } catch (SyscallException e) {
            throw request.failed(e);
        }
    }

    private void change(GroupRequest request, Change call) throws MulticastJoinException {
        var group = request.groupAddress();
        var words = request.interfaceWords();
        try {
            var index = remembered(group, words);
            call.make(group, index != 0 ? index : Multicast.interfaceIndex(socket, words));
        } catch (SyscallException e) {
            throw request.failed(e);
        }
    }

    /** The index of the latest membership that was joined by these words; 0 if there is none. */
    private int remembered(SockAddr group, String words) {
        for (var each : joined.reversed()) {
            if (each.group.equals(group) && each.networkInterface.equals(words)) {
                return each.index;
            }
        }
        return 0;
    }

    private void forget(SockAddr group, int index) {
        joined.removeIf(each -> each.group.equals(group) && each.index == index);
    }

    /**
     * Leaves what was joined by the same words on interfaces that no longer exist: a program that joins again when its
     * interface is back need not leave first. Nothing can be heard there, and the kernel would refuse to join an IPv6
     * group again on an interface of its choice.
     */
    private void letGo(SockAddr group, String words, int named) {
        for (var each : List.copyOf(joined)) {
            if (each.group.equals(group) && each.networkInterface.equals(words) && each.index != named
                    && isGone(each.index)) {
                forget(group, each.index);
                leaveGone(group, each.index);
            }
        }
    }

    private void leaveGone(SockAddr group, int index) {
        try {
            Multicast.leave(socket, group, index);
        } catch (SyscallException e) {
            // It has been left: for another of its sources, or by another holder of an adopted socket.
        }
    }

    private boolean isGone(int index) {
        try {
            Multicast.outgoingInterface(socket, Integer.toString(index));
            return false;
        } catch (SyscallException e) {
            return e.errno() == Errno.ENODEV;
        }
    }

    private void requireAudible(GroupRequest request, SockAddr group) {
        request.requireAudible(connection.local());
        if (!group.isIpv6() && isIpv6Only()) {
            throw new IllegalStateException(
                    "a port for IPv6 alone receives nothing that is sent to " + group.host());
        }
    }

    private boolean isIpv6Only() {
        try {
            return socket.family() == StandardProtocolFamily.INET6 && socket.get(Ipv6Options.V6ONLY);
        } catch (SyscallException e) {
            return false;
        }
    }
}
