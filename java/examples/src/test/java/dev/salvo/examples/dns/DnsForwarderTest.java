package dev.salvo.examples.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.protocol.testing.FakeDatagramTransport;
import dev.salvo.protocol.testing.ManualClock;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The forwarder between a client and a server. The test plays both, and advances the clock. */
@Tag("unit")
class DnsForwarderTest {

    private static final SockAddr CLIENT = SockAddr.of("192.0.2.7", 7777);
    private static final SockAddr OTHER = SockAddr.of("192.0.2.8", 7777);
    private static final SockAddr SERVER = SockAddr.of("192.0.2.53", 53);

    private final ManualClock clock = new ManualClock();
    private final FakeDatagramTransport clients = new FakeDatagramTransport();
    private final FakeDatagramTransport servers = new FakeDatagramTransport();
    private final DnsUpstream upstream = new DnsUpstream(clock, SERVER, Duration.ofSeconds(3));
    private final DnsForwarder forwarder = new DnsForwarder(List.of(upstream));

    @BeforeEach
    void start() throws Exception {
        upstream.startProtocol(servers);
    }

    private void ask(Message query, SockAddr from) throws Exception {
        clients.deliver(forwarder, query.toWire(), from);
    }

    /** Returns the last query that the server received. */
    private Message lastQuery() throws IOException {
        return new Message(servers.written().getLast().payload());
    }

    private void answer(Message answer) throws Exception {
        servers.deliver(upstream, answer.toWire(), SERVER);
    }

    private Message reply() throws IOException {
        assertEquals(1, clients.written().size());
        return new Message(clients.written().getFirst().payload());
    }

    @Test
    void theAnswerHasTheClientsIdAndGoesToTheClient() throws Exception {
        ask(Answers.query(77, "a.example."), CLIENT);
        answer(Answers.address(lastQuery(), "192.0.2.1"));

        assertEquals(77, reply().getHeader().getID());
        assertEquals(1, reply().getSection(Section.ANSWER).size());
        assertEquals(CLIENT, clients.written().getFirst().destination());
        assertEquals(List.of(), clock.getDelayedCalls(), "the timeout is cancelled");
    }

    @Test
    void twoClientsWithOneIdGetTheirOwnAnswers() throws Exception {
        ask(Answers.query(1, "a.example."), CLIENT);
        var first = lastQuery();
        ask(Answers.query(1, "b.example."), OTHER);
        var second = lastQuery();
        assertNotEquals(first.getHeader().getID(), second.getHeader().getID());

        answer(Answers.address(second, "192.0.2.2"));
        answer(Answers.address(first, "192.0.2.1"));
        assertEquals(List.of(OTHER, CLIENT), clients.written().stream().map(written -> written.destination()).toList());
    }

    @Test
    void queriesToTheServerHaveIdsOfTheirOwn() throws Exception {
        var seen = new HashSet<Integer>();
        for (int i = 0; i < 100; i++) {
            ask(Answers.query(1, "a.example."), CLIENT);
            seen.add(lastQuery().getHeader().getID());
        }
        assertEquals(100, seen.size());
    }

    @Test
    void anAnswerThatDoesNotMatchTheQueryIsIgnored() throws Exception {
        ask(Answers.query(1, "a.example."), CLIENT);
        var query = lastQuery();
        answer(Answers.address(Answers.query(query.getHeader().getID(), "b.example."), "203.0.113.1"));
        answer(Answers.address(Answers.query(query.getHeader().getID() ^ 1, "a.example."), "203.0.113.1"));
        answer(query);
        servers.deliver(upstream, new byte[]{1, 2, 3}, SERVER);
        assertEquals(List.of(), clients.written());

        answer(Answers.address(query, "192.0.2.1"));
        assertEquals(Rcode.NOERROR, reply().getRcode());
        answer(Answers.address(query, "192.0.2.1"));
        assertEquals(1, clients.written().size(), "a second answer is ignored");
    }

    @Test
    void aSilentServerIsServfailAfterThreeSeconds() throws Exception {
        ask(Answers.query(77, "a.example."), CLIENT);
        clock.advance(Duration.ofMillis(2_999));
        assertEquals(List.of(), clients.written());
        clock.advance(Duration.ofMillis(1));
        assertEquals(Rcode.SERVFAIL, reply().getRcode());
        assertEquals(77, reply().getHeader().getID());
        answer(Answers.address(lastQuery(), "192.0.2.1"));
        assertEquals(1, clients.written().size(), "a late answer is ignored");
    }

    @Test
    void aRefusedQueryIsServfailAtOnce() throws Exception {
        ask(Answers.query(1, "a.example."), CLIENT);
        upstream.connectionRefused(SERVER, servers);
        assertEquals(Rcode.SERVFAIL, reply().getRcode());
    }

    @Test
    void aFullQueueIsServfail() throws Exception {
        servers.setAccepting(false);
        ask(Answers.query(1, "a.example."), CLIENT);
        assertEquals(Rcode.SERVFAIL, reply().getRcode());
    }

    @Test
    void pendingQueriesAreBounded() throws Exception {
        for (int i = 0; i <= DnsUpstream.MOST_PENDING; i++) {
            ask(Answers.query(i, "a.example."), CLIENT);
        }
        assertEquals(DnsUpstream.MOST_PENDING, servers.written().size());
        assertEquals(Rcode.SERVFAIL, reply().getRcode());
        clock.advance(Duration.ofSeconds(3));
        ask(Answers.query(1, "a.example."), CLIENT);
        assertEquals(DnsUpstream.MOST_PENDING + 1, servers.written().size(), "there is room again");
    }

    @Test
    void anAnswerThatIsTooLongForTheClientIsTruncatedAndMarked() throws Exception {
        ask(Answers.query(77, "a.example."), CLIENT);
        answer(Answers.large(lastQuery()));

        assertTrue(clients.written().getFirst().payload().length <= 512);
        assertTrue(reply().getHeader().getFlag(Flags.TC));
        assertEquals(77, reply().getHeader().getID());
    }

    @Test
    void aClientWithALargerBufferGetsALongerAnswer() throws Exception {
        var query = Answers.query(1, "a.example.");
        query.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        ask(query, CLIENT);
        answer(Answers.large(lastQuery()));

        var length = clients.written().getFirst().payload().length;
        assertTrue(length > 512 && length <= 1232, () -> length + " bytes");
        assertTrue(reply().getHeader().getFlag(Flags.TC));
    }

    @Test
    void aTruncatedAnswerStaysMarked() throws Exception {
        ask(Answers.query(1, "a.example."), CLIENT);
        var truncated = Answers.address(lastQuery(), "192.0.2.1");
        truncated.getHeader().setFlag(Flags.TC);
        answer(truncated);
        assertTrue(reply().getHeader().getFlag(Flags.TC));
    }

    /** A few records that point at one long name would take megabytes of memory. */
    @Test
    void aQueryLongerThanTheLimitIsDropped() throws Exception {
        var query = Arrays.copyOf(Answers.query(77, "a.example.").toWire(), 1233);
        clients.deliver(forwarder, query, CLIENT);
        assertEquals(List.of(), clients.written());
        assertEquals(List.of(), servers.written());
        clients.deliver(forwarder, Arrays.copyOf(query, 1232), CLIENT);
        assertEquals(1, clients.written().size() + servers.written().size());
    }

    @Test
    void responsesAndGarbageAreNotAnswered() throws Exception {
        ask(Answers.address(Answers.query(1, "a.example."), "192.0.2.1"), CLIENT);
        clients.deliver(forwarder, new byte[11], CLIENT);
        assertEquals(List.of(), clients.written());
        assertEquals(List.of(), servers.written());
    }

    @Test
    void unsupportedAndMalformedQueriesGetShortErrorReplies() throws Exception {
        var update = Answers.query(1, "a.example.");
        update.getHeader().setOpcode(Opcode.UPDATE);
        ask(update, CLIENT);
        assertEquals(Rcode.NOTIMP, reply().getRcode());
        assertTrue(clients.written().getFirst().payload().length <= update.toWire().length);

        clients.clear();
        var broken = Arrays.copyOf(Answers.query(2, "a.example.").toWire(), 14);
        clients.deliver(forwarder, broken, CLIENT);
        assertEquals(Rcode.FORMERR, reply().getRcode());
        assertTrue(clients.written().getFirst().payload().length <= broken.length);
        assertFalse(reply().getHeader().getFlag(Flags.AA));
    }

    /** The name of the question is a pointer to the header: one label of nine bytes, which begins with the id. */
    private static byte[] compressedQuestion(int opcode) {
        return ByteBuffer.allocate(Header.LENGTH + 6)
                .putShort((short) 0x0941).putShort((short) (opcode << 11)).putShort((short) 1)
                .putShort(Header.LENGTH, (short) 0xc000)
                .putShort(Header.LENGTH + 2, (short) Type.A)
                .putShort(Header.LENGTH + 4, (short) DClass.IN)
                .array();
    }

    @Test
    void anErrorIsNeverLongerThanAQueryWithACompressedQuestion() throws Exception {
        var query = compressedQuestion(Opcode.STATUS);
        clients.deliver(forwarder, query, CLIENT);
        assertEquals(Rcode.NOTIMP, reply().getRcode());
        assertEquals(0x0941, reply().getHeader().getID());
        var length = clients.written().getFirst().payload().length;
        assertTrue(length <= query.length, () -> length + " bytes for " + query.length);
    }

    /** A dynamic update with an empty record (RFC 2136), whose TTL has more than 31 bits (RFC 2181, 8). */
    private static byte[] update() {
        return ByteBuffer.allocate(Header.LENGTH + 5 + 11)
                .putShort((short) 77).putShort((short) (Opcode.UPDATE << 11)).putShort((short) 1).putShort((short) 1)
                .putInt(0)
                .put((byte) 0).putShort((short) Type.SOA).putShort((short) DClass.IN)
                .put((byte) 0).putShort((short) Type.A).putShort((short) DClass.IN).putInt(0x8000_0000)
                .array();
    }

    @Test
    void anUpdateWithATtlOf32BitsIsRefused() throws Exception {
        clients.deliver(forwarder, update(), CLIENT);
        assertEquals(Rcode.NOTIMP, reply().getRcode());
    }

    @Test
    void aMessageWithATtlOf32BitsFromTheServerIsIgnored() throws Exception {
        ask(Answers.query(77, "a.example."), CLIENT);
        servers.deliver(upstream, update(), SERVER);
        assertEquals(List.of(), clients.written());
    }

    @Test
    void damagedMessagesNeitherThrowNorAreAnsweredWithMore() throws Exception {
        var random = new SplittableRandom(1);
        var whole = List.of(
                Answers.query(77, "a.example.").toWire(), compressedQuestion(Opcode.QUERY), update(),
                Answers.large(Answers.query(77, "a.example.")).toWire(512));
        for (int i = 0; i < 20_000; i++) {
            var original = whole.get(i % whole.size());
            var damaged = Arrays.copyOf(original, 1 + random.nextInt(original.length));
            for (int n = random.nextInt(4); n > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            var to = new FakeDatagramTransport();
            to.deliver(forwarder, damaged, CLIENT);
            servers.deliver(upstream, damaged, SERVER);
            clock.advance(Duration.ofSeconds(3));
            for (var written : to.written()) {
                assertTrue(written.payload().length <= damaged.length, () -> HexFormat.of().formatHex(damaged));
            }
        }
    }
}
