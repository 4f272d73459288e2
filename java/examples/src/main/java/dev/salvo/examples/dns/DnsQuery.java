package dev.salvo.examples.dns;

import dev.salvo.socket.Datagram;
import dev.salvo.socket.SockAddr;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/**
 * A client's query, and the answers to it.
 *
 * @param client the client's address
 * @param wire the query as it was received
 * @param header the header of the query
 * @param message the parsed query; null if it cannot be parsed beyond the header
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DnsQuery(SockAddr client, byte[] wire, Header header, @Nullable Message message) {

    /** The bytes that every client accepts (RFC 1035, 4.2.1). */
    private static final int SMALLEST_LIMIT = 512;
    /** The largest answer, in bytes, that almost every network carries without fragmentation. */

    private static final int LARGEST_LIMIT = 1232;

    /**
     * Reads a query. Returns null for a message that must not be answered: a response, because two servers could answer
     * each other forever; a message shorter than a header; and a message longer than 1,232 bytes, because a few records
     * that point at one name become megabytes when they are parsed.
     */
    static @Nullable DnsQuery read(Datagram datagram) throws IOException {
        var wire = bytes(datagram);
        if (wire.length < Header.LENGTH || wire.length > LARGEST_LIMIT) {
            return null;
        }
        var header = new Header(wire);
        return header.getFlag(Flags.QR) ? null : new DnsQuery(datagram.source().copy(), wire, header, parse(wire));
    }

    static byte[] bytes(Datagram datagram) {
        var bytes = new byte[datagram.length()];
        datagram.copyTo(bytes);
        return bytes;
    }

    /** Parses a message. Returns null if it can't be: dnsjava throws unchecked exceptions, too, as for a large TTL. */
    static @Nullable Message parse(byte[] wire) {
        try {
            return new Message(wire);
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** The error code for a query that cannot be forwarded; NOERROR for one that can. */
    int objection() {
        if (header.getOpcode() != Opcode.QUERY) {
            return Rcode.NOTIMP;
        }
        return message == null || header.getCount(Section.QUESTION) != 1 ? Rcode.FORMERR : Rcode.NOERROR;
    }

    /** The query with another id. */
    byte[] withId(int id) {
        return withId(wire, id);
    }

    private static byte[] withId(byte[] message, int id) {
        var copy = message.clone();
        copy[0] = (byte) (id >> 8);
        copy[1] = (byte) id;
        return copy;
    }

    /**
     * Whether a message answers this query. It must repeat the question, because an id is easily guessed (RFC 5452,
     * 9.1).
     */
    boolean isAnsweredBy(Message answer) {
        return answer.getHeader().getFlag(Flags.QR)
                && Objects.equals(answer.getQuestion(), Objects.requireNonNull(message).getQuestion());
    }

    /** The answer for the client. One that is longer than the client accepts is truncated and marked with TC. */
    byte[] reply(byte[] answer, Message parsed) {
        if (answer.length <= limit()) {
            return withId(answer, header.getID());
        }
        parsed.getHeader().setID(header.getID());
        return parsed.toWire(limit());
    }

    private int limit() {
        var opt = message == null ? null : message.getOPT();
        return opt == null ? SMALLEST_LIMIT : Math.clamp(opt.getPayloadSize(), SMALLEST_LIMIT, LARGEST_LIMIT);
    }

    /**
     * An answer with an error code. It is no longer than the query, so it amplifies nothing for a spoofed source: a
     * question that the query compressed is left out if it would not fit.
     */
    byte[] error(int rcode) {
        var answer = new Message(header.getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.getHeader().setOpcode(header.getOpcode());
        answer.getHeader().setRcode(rcode);
        if (header.getFlag(Flags.RD)) {
            answer.getHeader().setFlag(Flags.RD);
        }
        if (message != null && message.getQuestion() != null) {
            answer.addRecord(message.getQuestion(), Section.QUESTION);
        }
        var whole = answer.toWire();
        if (whole.length <= wire.length) {
            return whole;
        }
        answer.removeAllRecords(Section.QUESTION);
        return answer.toWire();
    }
}
