package dev.salvo.socket.option;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.UdpSocket;
import dev.salvo.testing.Loopback;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row on a real socket of its family: a value that was set reads back, or the kernel refuses with the expected
 * errno.
 */
@Tag("loopback")
class OptionsTest {

    static Stream<OptionCase> cases() {
        return Stream.of(
                OptionCases.socketLevel(), IpOptionCases.ipLevel(), IpOptionCases.ipv6Level(), OptionCases.udpLevel())
                .flatMap(cases -> cases);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyRowBehavesAsTheKernelDoes(OptionCase row) throws IOException {
        try (var socket = UdpSocket.open(row.family())) {
            row.check().on(socket);
        }
    }

    @Test
    void everyRowHasACase() throws IllegalAccessException {
        var tested = cases().map(OptionCase::option).collect(toSet());
        for (var table : List.of(SocketLevelOptions.class, IpOptions.class, Ipv6Options.class, UdpOptions.class)) {
            for (var row : table.getFields()) {
                assertTrue(tested.contains(row.get(null)), row::getName);
            }
        }
    }

    @Test
    void multicastKnowsItsLimitsAndItsInterfaces() throws SyscallException {
        try (var socket = UdpSocket.open(StandardProtocolFamily.INET6)) {
            assertEquals(Errno.EINVAL, refusal(socket, IpOptions.MULTICAST_TTL, 256));
            assertEquals(Errno.EINVAL, refusal(socket, Ipv6Options.MULTICAST_HOPS, 256));
            assertEquals(Errno.ENODEV, refusal(socket, Ipv6Options.MULTICAST_IF, 999_999_999));
            for (var nowhere : List.of(
                    outgoing("0.0.0.0", 999_999_999), outgoing("198.51.100.77", 0))) {
                assertEquals(Errno.EADDRNOTAVAIL, refusal(socket, IpOptions.MULTICAST_IF, nowhere));
            }
        }
    }

    private static OutgoingInterface outgoing(String address, int index) {
        return new OutgoingInterface((Inet4Address) InetAddress.ofLiteral(address), index);
    }

    private static <T> int refusal(UdpSocket socket, SockOpt<T> option, T value) {
        return assertThrows(SyscallException.class, () -> socket.set(option, value)).errno();
    }

    @Test
    void aRefusalNamesTheOption() throws SyscallException {
        try (var socket = Loopback.IPV4.bound()) {
            var unconnected = assertThrows(SyscallException.class, () -> socket.get(IpOptions.MTU));
            assertEquals(Errno.ENOTCONN, unconnected.errno());
            assertEquals("getsockopt IP_MTU: ENOTCONN (not connected)", unconnected.getMessage());
        }
    }

    @Test
    void aUserDefinedRowWorks() throws SyscallException {
        try (var socket = Loopback.IPV4.bound()) {
            var priority = SockOpt.ofInt("SO_PRIORITY_OF_MINE", 1, 12);
            socket.set(priority, 5);
            assertEquals(5, socket.get(priority));
            var unknown = SockOpt.ofInt("UDP_NOSUCH", 17, 9999);
            assertEquals(
                    Errno.ENOPROTOOPT,
                    assertThrows(SyscallException.class, () -> socket.get(unknown)).errno());
        }
    }

    /** The kernel would read beyond the allocated memory. */
    @Test
    void aCodecThatClaimsTooManyBytesIsRefused() throws SyscallException {
        record Huge(int size) implements SockOpt.Codec<Integer> {
            @Override
            public Integer read(MemorySegment memory, int length) {
                return length;
            }

            @Override
            public int write(MemorySegment memory, Integer value) {
                return size;
            }
        }
        try (var socket = Loopback.IPV4.bound()) {
            for (int size : new int[]{-1, 65_537, Integer.MAX_VALUE}) {
                var row = new SockOpt<>("HUGE", Integer.class, 1, 8, new Huge(size));
                assertThrows(IllegalArgumentException.class, () -> socket.get(row));
                assertThrows(IllegalArgumentException.class, () -> socket.set(row, 1));
            }
        }
    }
}
