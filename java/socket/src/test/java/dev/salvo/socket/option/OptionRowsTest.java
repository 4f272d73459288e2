package dev.salvo.socket.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of the option tables has the kernel's name, level and number (asm-generic/socket.h, linux/in.h, in6.h,
 * udp.h).
 */
@Tag("unit")
class OptionRowsTest {

    private static final int SOL_SOCKET = 1;
    private static final int IP = 0;
    private static final int IPV6 = 41;
    private static final int UDP = 17;

    record Row(SockOpt<?> option, String name, Class<?> type, int level, int number) {
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row(SocketOptions.REUSEADDR, "SO_REUSEADDR", Boolean.class, SOL_SOCKET, 2),
                new Row(SocketOptions.TYPE, "SO_TYPE", Integer.class, SOL_SOCKET, 3),
                new Row(SocketOptions.ERROR, "SO_ERROR", Integer.class, SOL_SOCKET, 4),
                new Row(SocketOptions.BROADCAST, "SO_BROADCAST", Boolean.class, SOL_SOCKET, 6),
                new Row(SocketOptions.SNDBUF, "SO_SNDBUF", Integer.class, SOL_SOCKET, 7),
                new Row(SocketOptions.RCVBUF, "SO_RCVBUF", Integer.class, SOL_SOCKET, 8),
                new Row(SocketOptions.REUSEPORT, "SO_REUSEPORT", Boolean.class, SOL_SOCKET, 15),
                new Row(SocketOptions.TIMESTAMP, "SO_TIMESTAMP", Boolean.class, SOL_SOCKET, 29),
                new Row(SocketOptions.TIMESTAMPNS, "SO_TIMESTAMPNS", Boolean.class, SOL_SOCKET, 35),
                new Row(SocketOptions.TIMESTAMPING, "SO_TIMESTAMPING", Integer.class, SOL_SOCKET, 37),
                new Row(SocketOptions.PROTOCOL, "SO_PROTOCOL", Integer.class, SOL_SOCKET, 38),
                new Row(SocketOptions.DOMAIN, "SO_DOMAIN", Integer.class, SOL_SOCKET, 39),
                new Row(SocketOptions.RXQ_OVFL, "SO_RXQ_OVFL", Boolean.class, SOL_SOCKET, 40),
                new Row(IpOptions.TOS, "IP_TOS", Integer.class, IP, 1),
                new Row(IpOptions.TTL, "IP_TTL", Integer.class, IP, 2),
                new Row(IpOptions.PKTINFO, "IP_PKTINFO", Boolean.class, IP, 8),
                new Row(IpOptions.MTU_DISCOVER, "IP_MTU_DISCOVER", Integer.class, IP, 10),
                new Row(IpOptions.RECVERR, "IP_RECVERR", Boolean.class, IP, 11),
                new Row(IpOptions.RECVTTL, "IP_RECVTTL", Boolean.class, IP, 12),
                new Row(IpOptions.RECVTOS, "IP_RECVTOS", Boolean.class, IP, 13),
                new Row(IpOptions.MTU, "IP_MTU", Integer.class, IP, 14),
                new Row(IpOptions.RECVORIGDSTADDR, "IP_RECVORIGDSTADDR", Boolean.class, IP, 20),
                new Row(IpOptions.MULTICAST_IF, "IP_MULTICAST_IF", OutgoingInterface.class, IP, 32),
                new Row(IpOptions.MULTICAST_TTL, "IP_MULTICAST_TTL", Integer.class, IP, 33),
                new Row(IpOptions.MULTICAST_LOOP, "IP_MULTICAST_LOOP", Boolean.class, IP, 34),
                new Row(IpOptions.MULTICAST_ALL, "IP_MULTICAST_ALL", Boolean.class, IP, 49),
                new Row(Ipv6Options.UNICAST_HOPS, "IPV6_UNICAST_HOPS", Integer.class, IPV6, 16),
                new Row(Ipv6Options.MULTICAST_IF, "IPV6_MULTICAST_IF", Integer.class, IPV6, 17),
                new Row(Ipv6Options.MULTICAST_HOPS, "IPV6_MULTICAST_HOPS", Integer.class, IPV6, 18),
                new Row(Ipv6Options.MULTICAST_LOOP, "IPV6_MULTICAST_LOOP", Boolean.class, IPV6, 19),
                new Row(Ipv6Options.MTU_DISCOVER, "IPV6_MTU_DISCOVER", Integer.class, IPV6, 23),
                new Row(Ipv6Options.MTU, "IPV6_MTU", Integer.class, IPV6, 24),
                new Row(Ipv6Options.RECVERR, "IPV6_RECVERR", Boolean.class, IPV6, 25),
                new Row(Ipv6Options.V6ONLY, "IPV6_V6ONLY", Boolean.class, IPV6, 26),
                new Row(Ipv6Options.MULTICAST_ALL, "IPV6_MULTICAST_ALL", Boolean.class, IPV6, 29),
                new Row(Ipv6Options.RECVPKTINFO, "IPV6_RECVPKTINFO", Boolean.class, IPV6, 49),
                new Row(Ipv6Options.RECVHOPLIMIT, "IPV6_RECVHOPLIMIT", Boolean.class, IPV6, 51),
                new Row(Ipv6Options.RECVTCLASS, "IPV6_RECVTCLASS", Boolean.class, IPV6, 66),
                new Row(Ipv6Options.TCLASS, "IPV6_TCLASS", Integer.class, IPV6, 67),
                new Row(Ipv6Options.RECVORIGDSTADDR, "IPV6_RECVORIGDSTADDR", Boolean.class, IPV6, 74),
                new Row(UdpOptions.SEGMENT, "UDP_SEGMENT", Integer.class, UDP, 103),
                new Row(UdpOptions.GRO, "UDP_GRO", Boolean.class, UDP, 104));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aRowIsTheKernels(Row row) {
        assertEquals(row.name, row.option.name());
        assertEquals(row.name, row.option.toString());
        assertEquals(row.type, row.option.type());
        assertEquals(row.level, row.option.level());
        assertEquals(row.number, row.option.number());
    }

    @Test
    void noRowIsMissingHere() {
        var declared = Stream.of(SocketOptions.class, IpOptions.class, Ipv6Options.class, UdpOptions.class)
                .flatMap(table -> Arrays.stream(table.getFields()))
                .map(OptionRowsTest::value)
                .toList();
        var tested = rows().<Object>map(Row::option).toList();
        assertEquals(List.of(), declared.stream().filter(o -> !tested.contains(o)).toList());
        assertEquals(declared.size(), tested.size());
    }

    private static SockOpt<?> value(Field field) {
        try {
            return assertInstanceOf(SockOpt.class, field.get(null));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aBooleanIsAnIntOfOneOrZero() {
        var memory = MemorySegment.ofArray(new int[1]);
        var codec = SocketOptions.BROADCAST.codec();
        assertEquals(4, codec.size());
        assertEquals(4, codec.write(memory, true));
        assertEquals(1, memory.get(ValueLayout.JAVA_INT, 0));
        codec.write(memory, false);
        assertEquals(0, memory.get(ValueLayout.JAVA_INT, 0));
        memory.set(ValueLayout.JAVA_INT, 0, 8);
        assertEquals(true, codec.read(memory, 4));
    }

    @Test
    void anIntThatTheKernelAnsweredWithOneByteIsRead() {
        var memory = MemorySegment.ofArray(new int[]{-1});
        memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 200);
        assertEquals(200, IpOptions.TTL.codec().read(memory, 1));
        assertEquals(0xffffffc8, IpOptions.TTL.codec().read(memory, 4));
    }
}
