package dev.salvo.socket.option;

import static dev.salvo.socket.option.OptionCase.NET_ADMIN;
import static dev.salvo.socket.option.OptionCase.NET_RAW;
import static dev.salvo.socket.option.OptionCase.readOnly;
import static dev.salvo.socket.option.OptionCase.readsBack;
import static dev.salvo.socket.option.OptionCase.refused;
import static dev.salvo.socket.option.OptionCase.setOnly;
import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.Timestamping.Flag;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.stream.Stream;

/** How the kernel treats each row of SocketLevelOptions and UdpOptions. */
final class OptionCases {

    /** A filter that accepts 0xffff bytes of every datagram. */
    static final BpfProgram ACCEPT = new BpfProgram(List.of(new BpfProgram.Instruction(0x06, 0, 0, 0xffff)));

    private static final BpfProgram NONE = new BpfProgram(List.of());

    private OptionCases() {}

    static Stream<OptionCase> flags(StandardProtocolFamily family, List<SockOpt<Boolean>> options) {
        return options.stream()
                .flatMap(o -> Stream.of(readsBack(o, family, true, true), readsBack(o, family, false, false)));
    }

    static Stream<OptionCase> socketLevel() {
        return Stream.of(
                flags(
                        INET,
                        List.of(SocketLevelOptions.REUSEADDR,
                                SocketLevelOptions.REUSEPORT,
                                SocketLevelOptions.BROADCAST,
                                SocketLevelOptions.DONTROUTE,
                                SocketLevelOptions.RXQ_OVFL,
                                SocketLevelOptions.TIMESTAMP,
                                SocketLevelOptions.TIMESTAMPNS,
                                SocketLevelOptions.NO_CHECK)),
                buffers(),
                values(),
                whatASocketIs(),
                filters())
                .flatMap(cases -> cases);
    }

    private static Stream<OptionCase> buffers() {
        return Stream.of(
                readsBack(SocketLevelOptions.RCVBUF, INET, 50_000, 100_000),
                readsBack(SocketLevelOptions.RCVBUF, INET, 0, 2_304),
                readsBack(SocketLevelOptions.SNDBUF, INET, 50_000, 100_000),
                readsBack(SocketLevelOptions.SNDBUF, INET, 0, 4_608),
                setOnly(SocketLevelOptions.RCVBUFFORCE, INET, 50_000).needing(NET_ADMIN),
                setOnly(SocketLevelOptions.SNDBUFFORCE, INET, 50_000).needing(NET_ADMIN),
                new OptionCase(SocketLevelOptions.BUF_LOCK, INET, "is what was set", socket -> {
                    socket.set(SocketLevelOptions.RCVBUF, 50_000);
                    assertEquals(2, socket.get(SocketLevelOptions.BUF_LOCK));
                    socket.set(SocketLevelOptions.BUF_LOCK, 0);
                    assertEquals(0, socket.get(SocketLevelOptions.BUF_LOCK));
                    OptionCase.assertRefused(socket, SocketLevelOptions.BUF_LOCK, 4, Errno.EINVAL);
                }).since(5, 14),
                refused(SocketLevelOptions.RESERVE_MEM, INET, -1, Errno.EINVAL).since(5, 17));
    }

    private static Stream<OptionCase> values() {
        var times = Timestamping.of(Flag.RX_SOFTWARE, Flag.SOFTWARE, Flag.OPT_CMSG, Flag.OPT_TX_SWHW);
        var clock = new TransmitTimeClock(TransmitTimeClock.MONOTONIC, false, true);
        var tai = new TransmitTimeClock(TransmitTimeClock.TAI, true, false);
        return Stream.of(
                readsBack(SocketLevelOptions.BINDTODEVICE, INET, "lo", "lo"),
                readsBack(SocketLevelOptions.BINDTODEVICE, INET, "", ""),
                refused(SocketLevelOptions.BINDTODEVICE, INET, "no-such", Errno.ENODEV),
                readsBack(SocketLevelOptions.BINDTOIFINDEX, INET, 1, 1),
                readsBack(SocketLevelOptions.BINDTOIFINDEX, INET, 999_999_999, 999_999_999),
                readsBack(SocketLevelOptions.MARK, INET, -2, -2).needing(NET_ADMIN, NET_RAW),
                readsBack(SocketLevelOptions.RCVMARK, INET, true, true).since(5, 19),
                readsBack(SocketLevelOptions.RCVPRIORITY, INET, true, true).since(6, 14),
                readsBack(SocketLevelOptions.PRIORITY, INET, 6, 6),
                readsBack(SocketLevelOptions.PRIORITY, INET, 7, 7).needing(NET_ADMIN, NET_RAW),
                readsBack(SocketLevelOptions.MAX_PACING_RATE, INET, 5_000_000_000L, 5_000_000_000L),
                readsBack(SocketLevelOptions.MAX_PACING_RATE, INET, -1L, -1L),
                readsBack(SocketLevelOptions.BUSY_POLL, INET, 0, 0),
                readsBack(SocketLevelOptions.BUSY_POLL, INET, 50, 50).needing(NET_ADMIN),
                refused(SocketLevelOptions.BUSY_POLL, INET, -1, Errno.EINVAL),
                readsBack(SocketLevelOptions.PREFER_BUSY_POLL, INET, true, true).needing(NET_ADMIN).since(5, 11),
                setOnly(SocketLevelOptions.BUSY_POLL_BUDGET, INET, 65_535).needing(NET_ADMIN).since(5, 11),
                readsBack(SocketLevelOptions.INCOMING_CPU, INET, 0, 0),
                readsBack(SocketLevelOptions.INCOMING_CPU, INET, 7, 7),
                readsBack(SocketLevelOptions.TIMESTAMPING, INET, times, times),
                readsBack(SocketLevelOptions.TIMESTAMPING, INET, Timestamping.of(), Timestamping.of()),
                readsBack(SocketLevelOptions.TXTIME, INET, clock, clock),
                readsBack(SocketLevelOptions.TXTIME, INET, tai, tai).needing(NET_ADMIN),
                refused(SocketLevelOptions.TXTIME, INET, new TransmitTimeClock(5, false, false), Errno.EINVAL)
                        .needing(NET_ADMIN).refusedSince(6, 11));
    }

    private static Stream<OptionCase> whatASocketIs() {
        return Stream.of(
                readOnly(SocketLevelOptions.ERROR, INET, 0),
                readOnly(SocketLevelOptions.TYPE, INET6, 2),
                readOnly(SocketLevelOptions.DOMAIN, INET, 2),
                readOnly(SocketLevelOptions.DOMAIN, INET6, 10),
                readOnly(SocketLevelOptions.PROTOCOL, INET6, 17),
                readOnly(SocketLevelOptions.INCOMING_NAPI_ID, INET, 0),
                new OptionCase(SocketLevelOptions.NETNS_COOKIE, INET, "is the namespace's", socket -> {
                    var cookie = socket.get(SocketLevelOptions.NETNS_COOKIE);
                    try (var other = UdpSocket.open(INET6)) {
                        assertEquals(cookie, other.get(SocketLevelOptions.NETNS_COOKIE));
                    }
                    OptionCase.assertRefused(socket, SocketLevelOptions.NETNS_COOKIE, cookie, Errno.ENOPROTOOPT);
                }).since(5, 14),
                new OptionCase(SocketLevelOptions.COOKIE, INET, "is the socket's own", OptionCases::cookie),
                new OptionCase(SocketLevelOptions.MEMINFO, INET, "has the buffers", socket -> {
                    socket.set(SocketLevelOptions.RCVBUF, 30_000);
                    socket.set(SocketLevelOptions.SNDBUF, 40_000);
                    var expected = new MemoryInfo(0, 60_000, 0, 80_000, 0, 0, 0, 0, 0);
                    assertEquals(expected, socket.get(SocketLevelOptions.MEMINFO));
                    OptionCase.assertRefused(socket, SocketLevelOptions.MEMINFO, expected, Errno.ENOPROTOOPT);
                }));
    }

    private static void cookie(UdpSocket socket) throws SyscallException {
        var cookie = socket.get(SocketLevelOptions.COOKIE);
        assertEquals(cookie, socket.get(SocketLevelOptions.COOKIE));
        try (var other = UdpSocket.open(INET)) {
            assertNotEquals(cookie, other.get(SocketLevelOptions.COOKIE));
        }
        OptionCase.assertRefused(socket, SocketLevelOptions.COOKIE, cookie, Errno.ENOPROTOOPT);
    }

    private static Stream<OptionCase> filters() {
        return Stream.of(
                readsBack(SocketLevelOptions.ATTACH_FILTER, INET, ACCEPT, ACCEPT),
                new OptionCase(
                        SocketLevelOptions.ATTACH_FILTER,
                        INET,
                        "is empty unless set",
                        socket -> assertEquals(NONE, socket.get(SocketLevelOptions.ATTACH_FILTER))),
                refused(SocketLevelOptions.ATTACH_FILTER, INET, NONE, Errno.EINVAL),
                refused(SocketLevelOptions.DETACH_FILTER, INET, 0, Errno.ENOENT),
                new OptionCase(SocketLevelOptions.DETACH_FILTER, INET, "takes the filter away", socket -> {
                    socket.set(SocketLevelOptions.ATTACH_FILTER, ACCEPT);
                    socket.set(SocketLevelOptions.DETACH_FILTER, 0);
                    assertEquals(NONE, socket.get(SocketLevelOptions.ATTACH_FILTER));
                    OptionCase.assertUnreadable(socket, SocketLevelOptions.DETACH_FILTER, Errno.ENOPROTOOPT);
                }),
                new OptionCase(SocketLevelOptions.LOCK_FILTER, INET, "is on for ever", socket -> {
                    socket.set(SocketLevelOptions.LOCK_FILTER, true);
                    assertEquals(true, socket.get(SocketLevelOptions.LOCK_FILTER));
                    OptionCase.assertRefused(socket, SocketLevelOptions.LOCK_FILTER, false, Errno.EPERM);
                    OptionCase.assertRefused(socket, SocketLevelOptions.ATTACH_FILTER, ACCEPT, Errno.EPERM);
                }),
                refused(SocketLevelOptions.ATTACH_BPF, INET, -1, Errno.EBADF),
                unreadable(SocketLevelOptions.ATTACH_BPF),
                refused(SocketLevelOptions.ATTACH_REUSEPORT_EBPF, INET, -1, Errno.EBADF),
                unreadable(SocketLevelOptions.ATTACH_REUSEPORT_EBPF),
                refused(SocketLevelOptions.ATTACH_REUSEPORT_CBPF, INET, ACCEPT, Errno.EINVAL),
                refused(SocketLevelOptions.DETACH_REUSEPORT_BPF, INET, 0, Errno.EINVAL),
                new OptionCase(SocketLevelOptions.ATTACH_REUSEPORT_CBPF, INET, "is taken with REUSEPORT", socket -> {
                    socket.set(SocketLevelOptions.REUSEPORT, true);
                    socket.set(SocketLevelOptions.ATTACH_REUSEPORT_CBPF, ACCEPT);
                    OptionCase.assertUnreadable(socket, SocketLevelOptions.ATTACH_REUSEPORT_CBPF, Errno.ENOPROTOOPT);
                    socket.set(SocketLevelOptions.DETACH_REUSEPORT_BPF, 0);
                    OptionCase.assertRefused(socket, SocketLevelOptions.DETACH_REUSEPORT_BPF, 0, Errno.ENOENT);
                    OptionCase.assertUnreadable(socket, SocketLevelOptions.DETACH_REUSEPORT_BPF, Errno.ENOPROTOOPT);
                }));
    }

    private static OptionCase unreadable(SockOpt<?> option) {
        return new OptionCase(
                option, INET, "is not read",
                socket -> OptionCase.assertUnreadable(socket, option, Errno.ENOPROTOOPT));
    }

    static Stream<OptionCase> udpLevel() {
        return Stream.of(
                flags(INET, List.of(UdpOptions.CORK, UdpOptions.GRO, UdpOptions.NO_CHECK6_TX, UdpOptions.NO_CHECK6_RX)),
                flags(INET6,
                        List.of(UdpOptions.CORK, UdpOptions.GRO, UdpOptions.NO_CHECK6_TX, UdpOptions.NO_CHECK6_RX)),
                Stream.of(
                        readsBack(UdpOptions.ENCAP, INET, 0, 0),
                        refused(UdpOptions.ENCAP, INET6, 99, Errno.ENOPROTOOPT),
                        readsBack(UdpOptions.SEGMENT, INET, 1_200, 1_200),
                        readsBack(UdpOptions.SEGMENT, INET6, 65_535, 65_535),
                        refused(UdpOptions.SEGMENT, INET, 65_536, Errno.EINVAL)))
                .flatMap(cases -> cases);
    }
}
