package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.Ipv6Options;
import dev.salvo.testing.CablePair;
import dev.salvo.testing.ThreeCables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two senders with different addresses on one cable, and which of them a member of the group receives. */
@Tag("netns")
class MulticastSourceTest {

    /** The family of the group, and that of the socket that joins it. */
    enum Member {
        IPV4(GroupFamily.IPV4, GroupFamily.IPV4), IPV6(GroupFamily.IPV6, GroupFamily.IPV6), IPV4_ON_IPV6(
                GroupFamily.IPV4, GroupFamily.IPV6);

        final GroupFamily group;
        final GroupFamily socket;

        Member(GroupFamily group, GroupFamily socket) {
            this.group = group;
            this.socket = socket;
        }
    }

    /** The objects that the body of a test uses. */
    private static final class Senders implements AutoCloseable {

        final CablePair pair;
        final SockAddr group;
        final SockAddr first;
        final SockAddr second;
        int index;

        private final ThreeCables cables;
        private final List<UdpSocket> senders = new ArrayList<>();

        Senders(ThreeCables cables, Member member) throws Exception {
            this.cables = cables;
            pair = new CablePair(cables, member.socket);
            pair.receiver.set(IpOptions.MULTICAST_ALL, false);
            group = member.group.group(1, pair.port);
            first = SockAddr.of(member.group.address("cable-a", 1), 0);
            second = SockAddr.of(member.group.address("cable-a", 3), 0);
            var prefix = member.group == GroupFamily.IPV4 ? "/24" : "/64";
            if (member.group == GroupFamily.IPV4) {
                cables.here.in("address", "add", member.group.address("cable-a", 3) + prefix, "dev", "cable-a");
            } else {
                cables.here.in("address", "add", member.group.address("cable-a", 3) + prefix, "dev", "cable-a",
                        "nodad");
            }
            for (var source : List.of(first, second)) {
                var sender = UdpSocket.open(member.group.family);
                senders.add(sender);
                sender.bind(source);
                member.group.setOutgoing(sender, "cable-a");
            }
            there(() -> index = Multicast.interfaceIndex("cable-a"));
        }

        interface Call {
            void run() throws Exception;
        }

        /** An interface is looked up in the receiver's namespace, where its index is valid. */
        void there(Call call) throws Exception {
            cables.there.enter();
            call.run();
            cables.here.enter();
        }

        void assertHeard(String... expected) throws SyscallException {
            pair.send(senders.get(0), group, "first");
            pair.send(senders.get(1), group, "second");
            assertEquals(List.of(expected), pair.received(expected.length));
        }

        @Override
        public void close() {
            senders.forEach(UdpSocket::close);
            pair.close();
        }
    }

    private interface Body {
        void run(Senders s) throws Exception;
    }

    private static void with(Member member, Body body) throws Exception {
        ThreeCables.run(cables -> {
            try (var senders = new Senders(cables, member)) {
                body.run(senders);
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void aMemberForOneSourceReceivesThatSourceOnly(Member member) throws Exception {
        with(member, s -> {
            var socket = s.pair.receiver;
            Multicast.joinSource(socket, s.group, s.first, s.index);
            s.assertHeard("first");
            Multicast.joinSource(socket, s.group, s.second, s.index);
            s.assertHeard("first", "second");
            Multicast.leaveSource(socket, s.group, s.first, s.index);
            s.assertHeard("second");
            Multicast.leaveSource(socket, s.group, s.second, s.index);
            s.assertHeard();
            assertThrows(SyscallException.class, () -> Multicast.leave(socket, s.group, s.index));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aBlockedSourceIsNotReceivedUntilItIsUnblocked(Member member) throws Exception {
        with(member, s -> {
            var socket = s.pair.receiver;
            Multicast.join(socket, s.group, s.index);
            s.assertHeard("first", "second");
            Multicast.blockSource(socket, s.group, s.first, s.index);
            s.assertHeard("second");
            Multicast.unblockSource(socket, s.group, s.first, s.index);
            s.assertHeard("first", "second");
            Multicast.leave(socket, s.group, s.index);
            s.assertHeard();
        });
    }

    /** MULTICAST_ALL applies only if the socket is no member itself (ip_mc_sf_allow, inet6_mc_check). */
    @ParameterizedTest
    @EnumSource
    void withMulticastAllOnlyANonMemberReceivesEverySource(Member member) throws Exception {
        with(member, s -> {
            var socket = s.pair.receiver;
            socket.set(IpOptions.MULTICAST_ALL, true);
            if (member.socket == GroupFamily.IPV6) {
                socket.set(Ipv6Options.MULTICAST_ALL, true);
            }
            s.cables.there.enter();
            try (var other = member.group.bound()) {
                Multicast.join(other, s.group, s.index);
                s.cables.here.enter();
                s.assertHeard("first", "second");
                Multicast.joinSource(socket, s.group, s.first, s.index);
                s.assertHeard("first");
                Multicast.leaveSource(socket, s.group, s.first, s.index);
                s.assertHeard("first", "second");
            }
        });
    }

    /**
     * The kernel changes the kind of an empty source list before it searches it. From then on the list names the
     * sources to receive.
     */
    @ParameterizedTest
    @EnumSource
    void leavingASourceOfAGroupJoinedForAllFailsAndSilencesIt(Member member) throws Exception {
        with(member, s -> {
            var socket = s.pair.receiver;
            Multicast.join(socket, s.group, s.index);
            s.assertHeard("first", "second");
            var refusal = assertThrows(
                    SyscallException.class, () -> Multicast.leaveSource(socket, s.group, s.first, s.index));
            assertEquals(Errno.EADDRNOTAVAIL, refusal.errno());
            s.assertHeard();
            Multicast.leave(socket, s.group, s.index);
            Multicast.join(socket, s.group, s.index);
            s.assertHeard("first", "second");
        });
    }
}
