package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.option.UdpOptions;
import dev.salvo.testing.Loopback;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Datagrams arrive as their options requested, and a datagram that the kernel refuses fails alone. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(Way.class)
record SendOptionsOnTheWireTest(Way way) {

    /** A datagram's text, traffic class and hop limit as received. */
    private record Seen(String text, int trafficClass, int hopLimit) {
    }

    private static void add(Way.Traveller pair, String text, @Nullable SendOptions options) {
        if (options == null) {
            Traffic.add(pair.out, pair.to, text);
        } else {
            Traffic.add(pair.out, pair.to, options, text);
        }
    }

    /** The segment size of the socket applies as without options: a UDP_SEGMENT of 0 beside them would override it. */
    @Test
    void theSocketsOwnSegmentSizeHoldsWithOptionsToo() throws SyscallException {
        try (var pair = new Way.Traveller(way)) {
            pair.sender.set(UdpOptions.SEGMENT, 2);
            add(pair, "aabb", new SendOptions().trafficClass(0x88));
            assertEquals(1, pair.sender.send(pair.out));
            assertEquals(List.of("aa", "bb"), receive(pair, 2).stream().map(Seen::text).toList());
        }
    }

    private List<Seen> receive(Way.Traveller pair, int count) throws SyscallException {
        var seen = new ArrayList<Seen>();
        while (seen.size() < count && pair.receiver.awaitReadable(Duration.ofSeconds(10))) {
            pair.receiver.receive(pair.in);
            for (var datagram = pair.in.next(); datagram != null; datagram = pair.in.next()) {
                seen.add(seen(datagram, pair.in));
            }
        }
        return seen;
    }

    private Seen seen(Datagram datagram, ReceiveBatch in) {
        int trafficClass = -1;
        int hopLimit = -1;
        var control = in.control();
        while (control.next()) {
            if (control.is(Linux.IPPROTO_IP(), Linux.IP_TOS())) {
                trafficClass = Byte.toUnsignedInt(control.getByte(0));
            } else if (control.is(Linux.IPPROTO_IPV6(), Linux.IPV6_TCLASS())) {
                trafficClass = control.getInt(0);
            } else {
                hopLimit = control.getInt(0);
            }
        }
        return new Seen(Traffic.texts(List.of(datagram)).getFirst(), trafficClass, hopLimit);
    }

    @Test
    void trafficClassAndHopLimitArrive() throws SyscallException {
        try (var pair = new Way.Traveller(way)) {
            add(pair, "plain", null);
            add(pair, "expedited", new SendOptions().trafficClass(46 << 2 | 1));
            add(pair, "near", new SendOptions().hopLimit(7));
            add(pair, "both", new SendOptions().hopLimit(255).trafficClass(3));
            add(pair, "plain again", null);
            assertEquals(5, pair.sender.send(pair.out));
            assertEquals(List.of(), pair.out.failures());
            assertEquals(
                    List.of(
                            new Seen("plain", 0, 64),
                            new Seen("expedited", 185, 64),
                            new Seen("near", 0, 7),
                            new Seen("both", 3, 255),
                            new Seen("plain again", 0, 64)),
                    receive(pair, 5));
        }
    }

    @Test
    void joinedDatagramsAllCarryTheOptions() throws SyscallException {
        try (var pair = new Way.Traveller(way)) {
            var options = new SendOptions().trafficClass(8).hopLimit(9);
            for (var text : List.of("aa", "bb", "c")) {
                add(pair, text, options);
            }
            assertEquals(3, pair.sender.send(pair.out));
            assertEquals(1, pair.sender.statistics().messagesSent());
            assertEquals(List.of(new Seen("aa", 8, 9), new Seen("bb", 8, 9), new Seen("c", 8, 9)), receive(pair, 3));
        }
    }

    @Test
    void segmentsOfABufferAllCarryTheOptions() throws SyscallException {
        try (var pair = new Way.Traveller(way)) {
            add(pair, "aabbc", new SendOptions().segmentSize(2));
            add(pair, "ddeef", new SendOptions().segmentSize(2).hopLimit(9));
            assertEquals(6, pair.sender.send(pair.out));
            assertEquals(2, pair.sender.statistics().messagesSent());
            assertEquals(
                    List.of(
                            new Seen("aa", 0, 64),
                            new Seen("bb", 0, 64),
                            new Seen("c", 0, 64),
                            new Seen("dd", 0, 9),
                            new Seen("ee", 0, 9),
                            new Seen("f", 0, 9)),
                    receive(pair, 6));
        }
    }

    @Test
    void aHopLimitOfZeroIsRefusedByIpv4() throws SyscallException {
        var ipv4 = way.over == Loopback.IPV4;
        try (var pair = new Way.Traveller(way)) {
            add(pair, "none", new SendOptions().hopLimit(0));
            add(pair, "next", null);
            assertEquals(2, pair.sender.send(pair.out));
            assertEquals(
                    ipv4 ? List.of(new SendFailure(pair.to, 4, Errno.EINVAL)) : List.of(), pair.out.failures());
            var next = new Seen("next", 0, 64);
            assertEquals(ipv4 ? List.of(next) : List.of(new Seen("none", 0, 0), next), receive(pair, ipv4 ? 1 : 2));
        }
    }

    @Test
    void theSourceIsTheRequestedAddress() throws SyscallException {
        // ::1 is the only address that every host has; SourceAddressTest has more.
        var source = way.over == Loopback.IPV4 ? "127.0.0.2" : "::1";
        try (var pair = new Way.Traveller(way)) {
            add(pair, "from", new SendOptions().source(SockAddr.of(source, 4711)));
            assertEquals(1, pair.sender.send(pair.out));
            assertEquals(List.of(), pair.out.failures());
            var from = Traffic.receive(pair.receiver, pair.in, 1).getFirst().source();
            assertEquals(SockAddr.of(source, pair.sender.localAddress().port()), from);
        }
    }

    @Test
    void aForeignSourceFailsAlone() throws SyscallException {
        var ipv4 = way.over == Loopback.IPV4;
        var foreign = SockAddr.of(ipv4 ? "192.0.2.1" : "2001:db8::1", 0);
        try (var pair = new Way.Traveller(way)) {
            add(pair, "plain", null);
            add(pair, "foreign", new SendOptions().source(foreign));
            add(pair, "plain", null);
            assertEquals(3, pair.sender.send(pair.out));
            var errno = ipv4 ? Errno.ENETUNREACH : Errno.EINVAL;
            assertEquals(List.of(new SendFailure(pair.to, 7, errno)), pair.out.failures());
            assertEquals(List.of("plain", "plain"), Traffic.texts(Traffic.receive(pair.receiver, pair.in, 2)));
        }
    }

    /** Only the kernel knows the family of a connected socket's peer. */
    @Test
    void aSourceOfTheOtherFamilyIsNotIgnored() throws SyscallException {
        var other = new SendOptions().source(SockAddr.of(way.over == Loopback.IPV4 ? "::1" : "127.0.0.1", 0));
        try (var pair = new Way.Traveller(way)) {
            if (!way.connected) {
                assertThrows(IllegalArgumentException.class, () -> add(pair, "other", other));
                return;
            }
            add(pair, "other", other);
            assertEquals(1, pair.sender.send(pair.out));
            assertEquals(List.of(new SendFailure(null, 5, Errno.EINVAL)), pair.out.failures());
        }
    }

    @Test
    void theLoopbackInterfaceIsFoundAndAnUnknownOneIsNot() throws SyscallException {
        try (var pair = new Way.Traveller(way)) {
            add(pair, "lo", new SendOptions().sourceInterface(1));
            add(pair, "nowhere", new SendOptions().sourceInterface(1 << 30));
            assertEquals(2, pair.sender.send(pair.out));
            assertEquals(List.of(new SendFailure(pair.to, 7, Errno.ENODEV)), pair.out.failures());
            assertEquals(List.of("lo"), Traffic.texts(Traffic.receive(pair.receiver, pair.in, 1)));
        }
    }

    @Test
    void aTimeWithoutTxtimeIsRefused() throws SyscallException {
        try (var pair = new Way.Traveller(way)) {
            add(pair, "soon", new SendOptions().transmitTime(System.nanoTime()));
            assertEquals(1, pair.sender.send(pair.out));
            assertEquals(List.of(new SendFailure(pair.to, 4, Errno.EINVAL)), pair.out.failures());
        }
    }
}
