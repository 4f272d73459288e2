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
 * What a client asked, and what may be said to it.
 *
 * @param client who asked
 * @param wire the query as it came
 * @param header its header
 * @param message what it says; null if it can't be read beyond the header
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DnsQuery(SockAddr client, byte[] wire, Header header, @Nullable Message message) {

    /** What every client can take (RFC 1035, 4.2.1), and the most that goes unfragmented nearly everywhere. */
    private static final int SMALLEST_LIMIT = 512;

    private static final int LARGEST_LIMIT = 1232;

    /**
     * Reads a query; gives null for what must not be answered: a response, since two servers would never end, and what
     * is longer than a question can be, since a few records that point at one name make megabytes when they are read.
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

    static @Nullable Message parse(byte[] wire) {
        try {
            return new Message(wire);
        } catch (IOException e) {
            return null;
        }
    }

    /** Why it can't be forwarded; NOERROR if it can. */
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

    /** Whether a message answers this: an id alone is soon guessed (RFC 5452, 9.1). */
    boolean isAnsweredBy(Message answer) {
        return answer.getHeader().getFlag(Flags.QR)
                && Objects.equals(answer.getQuestion(), Objects.requireNonNull(message).getQuestion());
    }

    /** The answer for the client. One that is longer than the client takes is cut, and says so, by TC. */
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

    /** An answer without one. It is no longer than the query: who lies about his address gains nothing. */
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
        return answer.toWire();
    }
}
