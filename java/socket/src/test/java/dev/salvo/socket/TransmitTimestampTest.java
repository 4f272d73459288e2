package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.Errno;
import dev.salvo.linux.SyscallException;
import dev.salvo.socket.internal.control.ControlOptions;
import dev.salvo.testing.Needs;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A datagram with a transmit timestamp option gets one timestamp, with its own id. */
@Tag("loopback")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(Over.class)
record TransmitTimestampTest(Over over) {

    @BeforeAll
    static void theKernelHasIds() throws SyscallException {
        Needs.transmitTimestamps();
    }

    /** Ids of any 32 bits, each different from its neighbours. */
    private static final List<Integer> IDS = IntStream.range(0, 100).mapToObj(i -> i * 0x9e3779b9 - 1).toList();

    private static AskedPair enabled(Over over) throws SyscallException {
        var pair = new AskedPair(over);
        TransmitTimestamp.enable(pair.sender);
        return pair;
    }

    @Test
    void everyDatagramHasItsOwnTimestamp() throws SyscallException {
        try (var pair = enabled(over)) {
            var before = Stamps.now();
            IDS.forEach(id -> Stamps.add(pair.out, 64, pair.to, id));
            assertEquals(100, pair.sender.send(pair.out));
            var stamps = Stamps.await(pair.sender, 100);
            Stamps.assertSoftware(stamps, before, Stamps.now());
            assertEquals(IDS, Stamps.ids(stamps));
            assertEquals(100, pair.sender.statistics().messagesSent());
            assertEquals(0, pair.sender.statistics().timestampsDropped());
        }
    }

    @Test
    void datagramsWithoutTheOptionHaveNoTimestampAndJoin() throws SyscallException {
        try (var pair = enabled(over)) {
            for (int i = 0; i < 10; i++) {
                Traffic.add(pair.out, pair.to, "12", "34");
                Stamps.add(pair.out, 2, pair.to, i);
            }
            assertEquals(30, pair.sender.send(pair.out));
            assertEquals(IntStream.range(0, 10).boxed().toList(), Stamps.ids(Stamps.await(pair.sender, 10)));
            assertEquals(20, pair.sender.statistics().messagesSent());
        }
    }

    /** Longer than a datagram can be, which for the peer of a connected socket only the kernel knows. */
    @Test
    void aRefusedDatagramHasNoTimestampAndShiftsNoId() throws SyscallException {
        try (var pair = enabled(over)) {
            pair.sender.connect(pair.to);
            var tooLong = over == Over.IPV6 ? 65_528 : 65_508;
            for (int i = 0; i < 20; i++) {
                assertEquals(
                        -Linux.EMSGSIZE(),
                        RawMessage.send(pair.sender, pair.to, new byte[tooLong],
                                (room, writer) -> ControlOptions.writeTimestamp(writer, -1)));
                Stamps.add(pair.out, 1, pair.to, i);
                assertEquals(1, pair.sender.send(pair.out));
            }
            assertEquals(IntStream.range(0, 20).boxed().toList(), Stamps.ids(Stamps.await(pair.sender, 20)));
        }
    }

    /** Trap 5: a pending error fails the next send, which is repeated and stamped once. */
    @Test
    void everyDatagramIsStampedOnceDespiteIcmpErrors() throws SyscallException {
        try (var pair = enabled(over);
                var socket = over.open();
                var dead = over.loopback.dead()) {
            TransmitTimestamp.enable(socket);
            for (int i = 0; i < 50; i++) {
                Stamps.add(pair.out, 64, over.addressOf(dead), i);
                Stamps.add(pair.out, 64, over.loopback(pair.to.port()), i + 50);
                if (i % 10 == 0) {
                    socket.send(pair.out);
                }
            }
            socket.send(pair.out);
            assertEquals(List.of(), pair.out.failures());
            assertEquals(IntStream.range(0, 100).boxed().toList(),
                    Stamps.ids(Stamps.await(socket, 100)).stream().sorted()
                            .toList());
            assertEquals(50, socket.statistics().icmpErrors());
            assertEquals(50, Traffic.receive(pair.receiver, pair.in, 50).size());
        }
    }

    @Test
    void aSegmentedBufferHasOneTimestamp() throws SyscallException {
        try (var pair = enabled(over)) {
            var options = new SendOptions().segmentSize(10).transmitTimestamp(7);
            pair.out.add(MemorySegment.ofArray(new byte[95]), 0, 95, pair.to, options);
            assertEquals(10, pair.sender.send(pair.out));
            assertEquals(List.of(7), Stamps.ids(Stamps.await(pair.sender, 1)));
        }
    }

    @Test
    void twoDatagramsWithOneIdHaveTwoTimestamps() throws SyscallException {
        try (var pair = enabled(over)) {
            Stamps.add(pair.out, 64, pair.to, 5);
            Stamps.add(pair.out, 64, pair.to, 5);
            assertEquals(2, pair.sender.send(pair.out));
            assertEquals(Collections.nCopies(2, 5), Stamps.ids(Stamps.await(pair.sender, 2)));
        }
    }

    @Test
    void withoutEnableTheDatagramFails() throws SyscallException {
        try (var pair = new AskedPair(over)) {
            Stamps.add(pair.out, 64, pair.to, 5);
            Traffic.add(pair.out, pair.to, "plain");
            assertEquals(2, pair.sender.send(pair.out));
            assertEquals(
                    List.of(new SendFailure(pair.to, 64, Errno.EINVAL)), pair.out.failures());
            assertEquals(List.of(), Stamps.await(pair.sender, 0));
        }
    }
}
