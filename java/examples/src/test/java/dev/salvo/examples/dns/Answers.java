package dev.salvo.examples.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Queries, and the answers of a server. */
final class Answers {

    private Answers() {}

    static Message query(int id, String name) throws IOException {
        var query = Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN));
        query.getHeader().setID(id);
        return query;
    }

    private static Message to(Message query) {
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        return answer;
    }

    static Message address(Message query, String literal) {
        var answer = to(query);
        var name = query.getQuestion().getName();
        answer.addRecord(new ARecord(name, DClass.IN, 60, InetAddress.ofLiteral(literal)), Section.ANSWER);
        return answer;
    }

    /** Much longer than 512 bytes, with ten record sets, between which it may be truncated. */
    static Message large(Message query) throws IOException {
        var answer = to(query);
        for (int i = 0; i < 10; i++) {
            var text = Collections.singletonList(i + "x".repeat(200));
            answer.addRecord(new TXTRecord(Name.fromString(i + ".example."), DClass.IN, 60, text), Section.ANSWER);
        }
        return answer;
    }
}
