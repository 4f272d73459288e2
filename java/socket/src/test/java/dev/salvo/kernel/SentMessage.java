package dev.salvo.kernel;

import dev.salvo.socket.SockAddr;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message of sendmmsg, as the kernel read it from memory.
 *
 * @param destination null where msg_namelen is 0: for the peer of a connected socket
 * @param payload what the vectors gather, as ISO 8859-1 text
 * @param segmentSize the value of UDP_SEGMENT; 0 where there is none
 * @param vectors how many there are
 * @param options the control messages but UDP_SEGMENT, each as {@code level:type=int,int...}, in order, by spaces
 */
public record SentMessage(
        @Nullable SockAddr destination, String payload, int segmentSize, int vectors, String options) {

    public boolean isTo(@Nullable SockAddr address) {
        return Objects.equals(destination, address);
    }

    public boolean joined() {
        return segmentSize > 0;
    }

    /** The datagrams that the kernel makes of it. */
    public List<SentDatagram> datagrams() {
        if (!joined()) {
            return List.of(new SentDatagram(destination, payload, options));
        }
        var datagrams = new ArrayList<SentDatagram>();
        for (int at = 0; at < payload.length(); at += segmentSize) {
            var end = Math.min(at + segmentSize, payload.length());
            datagrams.add(new SentDatagram(destination, payload.substring(at, end), options));
        }
        return datagrams;
    }
}
