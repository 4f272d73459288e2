package dev.salvo.kernel;

import dev.salvo.socket.SockAddr;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A message for a scripted recvmmsg or recvmsg to deliver. It is truncated to the available room, as the kernel does.
 *
 * @param source where it is from
 * @param payload its bytes as ISO 8859-1 text
 * @param control its control messages, or garbage, as ISO 8859-1 text
 * @param flags bits of msg_flags beside MSG_TRUNC and MSG_CTRUNC, which follow from the room
 * @param reportedLength what msg_len says; -1 for the truth
 */
public record Incoming(SockAddr source, String payload, String control, int flags, int reportedLength) {

    public static Incoming from(SockAddr source, String payload) {
        return new Incoming(source, payload, "", 0, -1);
    }

    /** Adds these bytes after the control messages. */
    public Incoming control(byte[] bytes) {
        var all = control + new String(bytes, StandardCharsets.ISO_8859_1);
        return new Incoming(source, payload, all, flags, reportedLength);
    }

    /** Adds a control message. */
    public Incoming control(int level, int type, byte[] data) {
        var bytes = ByteBuffer.allocate((int) Layouts.cmsgSpace(data.length)).order(ByteOrder.nativeOrder());
        bytes.putLong(Layouts.CMSG_HEADER + data.length).putInt(level).putInt(type).put(data);
        return control(bytes.array());
    }

    /** Adds the control message of coalesced datagrams of this size. */
    public Incoming gro(int segmentSize) {
        var data = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        return control(Layouts.SOL_UDP, Layouts.UDP_GRO, data.putInt(segmentSize).array());
    }

    public Incoming flags(int bits) {
        return new Incoming(source, payload, control, bits, reportedLength);
    }

    /** Sets the msg_len that the kernel reports, which may be wrong. */
    public Incoming reportedLength(int length) {
        return new Incoming(source, payload, control, flags, length);
    }
}
