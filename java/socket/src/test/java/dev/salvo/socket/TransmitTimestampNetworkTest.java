package dev.salvo.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.salvo.linux.Errno;
import dev.salvo.socket.option.PathMtuDiscovery;
import dev.salvo.testing.CablePair;
import dev.salvo.testing.NetNamespace;
import dev.salvo.testing.ThreeCables;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Over a veth, whose driver makes the timestamps: ids stay with their datagrams, whatever the kernel refuses in
 * between.
 */
@Tag("netns")
class TransmitTimestampNetworkTest {

    private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

    /** A sender that has sent before, so that no datagram waits for the neighbour's link address. */
    private record Line(CablePair pair, SendBatch out, SockAddr to) {
    }

    @FunctionalInterface
    private interface Body {

        void run(ThreeCables cables, Line line) throws Exception;
    }

    private static void run(GroupFamily family, Body body) throws Exception {
        ThreeCables.run(cables -> {
            try (var pair = new CablePair(cables, family);
                    var out = SendBatch.open()) {
                var to = SockAddr.of(family.address("cable-a", 2), pair.port);
                TransmitTimestamp.enable(pair.sender);
                Stamps.add(out, 1, to, -1);
                pair.sender.send(out);
                Stamps.await(pair.sender, 1);
                body.run(cables, new Line(pair, out, to));
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void everyDatagramHasItsOwnTimestamp(GroupFamily family) throws Exception {
        run(family, (cables, line) -> {
            var before = Stamps.now();
            HUNDRED.forEach(id -> Stamps.add(line.out, 1 + id, line.to, id));
            assertEquals(100, line.pair.sender.send(line.out));
            var stamps = Stamps.await(line.pair.sender, 100);
            Stamps.assertSoftware(stamps, before, Stamps.now());
            assertEquals(HUNDRED, Stamps.ids(stamps));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aDatagramOverTheMtuHasNoTimestamp(GroupFamily family) throws Exception {
        run(family, (cables, line) -> {
            PathMtu.discovery(line.pair.sender, PathMtuDiscovery.DO);
            HUNDRED.forEach(id -> Stamps.add(line.out, id % 2 == 0 ? 1_000 : 2_000, line.to, id));
            // A send stops after sixteen refusals among others.
            int done = 0;
            while (line.out.pendingDatagrams() > 0) {
                done += line.pair.sender.send(line.out);
            }
            assertEquals(100, done);
            assertEquals(
                    List.of(new SendFailure(line.to, 2_000, Errno.EMSGSIZE)),
                    line.out.failures().stream().distinct().toList());
            assertEquals(50, line.out.failures().size());
            assertEquals(even(), Stamps.ids(Stamps.await(line.pair.sender, 50)));
        });
    }

    /** The kernel's own counter counts every one of these. */
    @ParameterizedTest
    @EnumSource
    void aDatagramThatAFirewallRefusesHasNoTimestamp(GroupFamily family) throws Exception {
        run(family, (cables, line) -> {
            nft(cables.here, "add", "table", "inet", "salvo");
            nft(cables.here, "add", "chain", "inet", "salvo", "output", "{ type filter hook output priority 0; }");
            nft(cables.here, "add", "rule", "inet", "salvo", "output", "udp", "length", "208", "drop");
            HUNDRED.forEach(id -> Stamps.add(line.out, id % 2 == 0 ? 100 : 200, line.to, id));
            assertEquals(100, line.pair.sender.send(line.out));
            assertEquals(50, line.pair.sender.statistics().datagramsForbidden());
            assertEquals(even(), Stamps.ids(Stamps.await(line.pair.sender, 50)));
        });
    }

    @ParameterizedTest
    @EnumSource
    void aFragmentedDatagramAndASegmentedBufferHaveOneTimestampEach(GroupFamily family) throws Exception {
        run(family, (cables, line) -> {
            Stamps.add(line.out, 5_000, line.to, 1);
            var segments = new SendOptions().segmentSize(1_000).transmitTimestamp(2);
            line.out.add(MemorySegment.ofArray(new byte[9_500]), 0, 9_500, line.to, segments);
            Stamps.add(line.out, 1, line.to, 3);
            assertEquals(12, line.pair.sender.send(line.out));
            assertEquals(List.of(1, 2, 3), Stamps.ids(Stamps.await(line.pair.sender, 3)));
            // This includes the previous datagram.
            assertEquals(13, Traffic.receive(line.pair.receiver, line.pair.in(), 13).size());
        });
    }

    private static List<Integer> even() {
        return HUNDRED.stream().filter(id -> id % 2 == 0).toList();
    }

    private static void nft(NetNamespace namespace, String... arguments) throws Exception {
        var command = new String[arguments.length + 4];
        System.arraycopy(new String[]{"netns", "exec", namespace.name(), "nft"}, 0, command, 0, 4);
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        NetNamespace.ip(command);
    }
}
