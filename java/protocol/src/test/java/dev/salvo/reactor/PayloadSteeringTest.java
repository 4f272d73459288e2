package dev.salvo.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.salvo.protocol.Loopback;
import dev.salvo.protocol.Recorder;
import dev.salvo.socket.option.UdpOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A byte of the payload chooses the member, whatever the source of a datagram. */
@Tag("loopback")
class PayloadSteeringTest {

    private static final int SENDERS = 20;
    private static final int IDS = 16;

    @ParameterizedTest
    @EnumSource
    void datagramsWithOneIdGoToOneMember(Loopback family) throws Exception {
        try (var group = ReactorGroup.open(4, Steering.payloadByte(0));
                var traffic = new GroupTraffic(family, group, SENDERS)) {
            traffic.sendRound(IDS);
            traffic.awaitAll();
            var expected = IntStream.range(0, IDS).boxed().collect(Collectors.toMap(id -> id, id -> Set.of(id % 4)));
            assertEquals(expected, traffic.membersOfId);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 700, 1400})
    void aDatagramThatIsTooShortGoesToTheFirstMember(int offset) throws Exception {
        try (var group = ReactorGroup.open(3, Steering.payloadByte(offset));
                var traffic = new GroupTraffic(Loopback.IPV4, group, SENDERS)) {
            var tooShort = new byte[offset];
            var longEnough = new byte[offset + 1];
            if (offset > 0) {
                tooShort[0] = 7;
                longEnough[0] = 8;
            }
            longEnough[offset] = 8;
            traffic.sendFromEach(tooShort);
            traffic.sendFromEach(longEnough);
            traffic.awaitAll();
            assertEquals(Map.of(offset == 0 ? -1 : 7, Set.of(0), 8, Set.of(2)), traffic.membersOfId);
        }
    }

    /** The kernel would steer a coalesced message as a whole. */
    @Test
    void receivingIsNotCoalescedWithPayloadSteering() throws Exception {
        assertEquals(List.of(false, false), gro(Steering.payloadByte(0)));
        assertEquals(List.of(true, true), gro(Steering.hash()));
    }

    private static List<Boolean> gro(Steering steering) throws Exception {
        try (var group = ReactorGroup.open(2, steering)) {
            var ports = group.listenUdp(0, i -> new Recorder(), Loopback.IPV4.options());
            var on = new ArrayList<Boolean>();
            for (int i = 0; i < ports.size(); i++) {
                var socket = ports.get(i).socket();
                on.add(GroupTraffic.call(group.reactor(i), () -> socket.get(UdpOptions.GRO)));
            }
            return on;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_527})
    void anOffsetOutsideEveryPayloadIsRefused(int offset) {
        assertThrows(IllegalArgumentException.class, () -> Steering.payloadByte(offset));
    }
}
