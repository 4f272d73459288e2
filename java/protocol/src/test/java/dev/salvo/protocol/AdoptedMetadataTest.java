package dev.salvo.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Syscall;
import dev.salvo.linux.SyscallException;
import dev.salvo.reactor.FaultyReactor;
import dev.salvo.reactor.Reactor;
import dev.salvo.socket.Metadata;
import dev.salvo.socket.UdpSocket;
import dev.salvo.socket.option.IpOptions;
import dev.salvo.socket.option.SockOpt;
import dev.salvo.socket.option.SocketLevelOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An adopted port enables the socket options that its metadata needs. It restores them on close, because other owners
 * hold the socket too.
 */
@Tag("loopback")
class AdoptedMetadataTest {

    private static final SockOpt<Integer> TIMESTAMPING = SockOpt.ofInt("SO_TIMESTAMPING", Linux.SOL_SOCKET(),
            Linux.SO_TIMESTAMPING());
    private static final PortOptions ALL = PortOptions.defaults().withMetadata(Metadata.values());

    private static Map<SockOpt<?>, Object> options(UdpSocket socket) throws SyscallException {
        var values = new LinkedHashMap<SockOpt<?>, Object>();
        for (var metadata : Metadata.values()) {
            for (var option : metadata.options(socket.family())) {
                values.put(option, socket.get(option));
            }
        }
        values.put(SocketLevelOptions.TIMESTAMP, socket.get(SocketLevelOptions.TIMESTAMP));
        return values;
    }

    @ParameterizedTest
    @EnumSource
    void everyOptionIsRestoredOnClose(Loopback family) throws Exception {
        try (var parents = PortSource.bound(family)) {
            var before = options(parents);
            try (var reactor = Reactor.open()) {
                var port = reactor.adoptDatagramPort(parents.descriptor(), new Recorder(), ALL);
                options(parents).forEach((option, value) -> {
                    if (option != SocketLevelOptions.TIMESTAMP) {
                        assertNotEquals(before.get(option), value, option::name);
                    }
                });
                port.stopListening();
                Loop.turns(reactor, 2);
                assertEquals(before, options(parents));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"IPV4, SO_TIMESTAMPNS", "IPV6, SO_TIMESTAMPNS", "IPV4, SO_TIMESTAMP", "IPV6, SO_TIMESTAMP"})
    void optionsThatWereOnStayOn(Loopback family, String time) throws Exception {
        try (var parents = PortSource.bound(family)) {
            parents.set(IpOptions.PKTINFO, true);
            parents.set(TIMESTAMPING, Linux.SOF_TIMESTAMPING_SOFTWARE());
            var ns = time.equals(SocketLevelOptions.TIMESTAMPNS.name());
            parents.set(ns ? SocketLevelOptions.TIMESTAMPNS : SocketLevelOptions.TIMESTAMP, true);
            var before = options(parents);
            try (var reactor = Reactor.open()) {
                reactor.adoptDatagramPort(parents.descriptor(), new Recorder(), ALL);
                assertEquals(!ns, parents.get(SocketLevelOptions.TIMESTAMP));
                assertEquals(
                        Linux.SOF_TIMESTAMPING_SOFTWARE() | Linux.SOF_TIMESTAMPING_RX_HARDWARE()
                                | Linux.SOF_TIMESTAMPING_RAW_HARDWARE(),
                        parents.get(TIMESTAMPING));
            }
            assertEquals(before, options(parents));
        }
    }

    @ParameterizedTest
    @EnumSource
    void optionsChangedByAnotherOwnerAreLeft(Loopback family) throws Exception {
        try (var parents = PortSource.bound(family)) {
            try (var reactor = Reactor.open()) {
                reactor.adoptDatagramPort(parents.descriptor(), new Recorder(), ALL);
                parents.set(TIMESTAMPING, Linux.SOF_TIMESTAMPING_SOFTWARE());
            }
            assertEquals(Linux.SOF_TIMESTAMPING_SOFTWARE(), parents.get(TIMESTAMPING));
            assertEquals(false, parents.get(IpOptions.PKTINFO));
        }
    }

    /** The kernel refuses the last option: the others are restored, and no descriptor stays open. */
    @ParameterizedTest
    @EnumSource
    void aRefusedOptionRestoresTheOthers(Loopback family) throws Exception {
        var protocol = new Recorder();
        try (var parents = PortSource.bound(family); var faulty = new FaultyReactor()) {
            var before = options(parents);
            var calls = new int[1];
            var options = family == Loopback.IPV4 ? 6 : 9;
            Answer last = call -> ++calls[0] == options ? -Linux.ENOPROTOOPT() : call.passOn();
            faulty.kernel.always(Syscall.SETSOCKOPT, last);
            assertThrows(SyscallException.class, () -> faulty.kernel
                    .open(() -> faulty.reactor.adoptDatagramPort(parents.descriptor(), protocol, ALL)));
            assertEquals(options + options - 1, calls[0]);
            assertEquals(before, options(parents));
            assertEquals(1, faulty.count(Syscall.CLOSE));
        }
        assertEquals(0, protocol.events.size());
    }

    @ParameterizedTest
    @EnumSource
    void aPortThatFailsToStartRestoresTheOptions(Loopback family) throws Exception {
        try (var reactor = Reactor.open(); var parents = PortSource.bound(family)) {
            var before = options(parents);
            var protocol = new Recorder() {
                @Override
                public void startProtocol(DatagramTransport transport) {
                    throw new IllegalStateException("not started");
                }
            };
            assertThrows(IllegalStateException.class,
                    () -> reactor.adoptDatagramPort(parents.descriptor(), protocol, ALL));
            assertEquals(before, options(parents));
        }
    }
}
