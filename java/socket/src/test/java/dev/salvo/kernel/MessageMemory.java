package dev.salvo.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.util.stream.Collectors.joining;

import dev.salvo.bindings.Linux;
import dev.salvo.linux.ControlReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.LongStream;

/**
 * The kernel's side of mmsghdr. It reads outgoing messages as strictly as the kernel does, and writes received ones.
 * {@code struct mmsghdr} begins with its {@code struct msghdr}, so the same code serves recvmsg.
 */
@SuppressWarnings("restricted")
final class MessageMemory {

    private static final int MAX_PAYLOAD = 65_527;

    private MessageMemory() {}

    static List<SentMessage> readAll(MemorySegment headers, int count, int maxSegments) {
        var messages = new ArrayList<SentMessage>();
        for (int i = 0; i < count; i++) {
            var message = read(headers, i);
            require(message.datagrams().size() <= maxSegments, "more than " + maxSegments + " segments");
            messages.add(message);
        }
        return List.copyOf(messages);
    }

    static SentMessage read(MemorySegment headers, int index) {
        var header = index * Layouts.MMSGHDR;
        var nameLength = headers.get(JAVA_INT, header + Layouts.MSG_NAMELEN);
        var destination = nameLength == 0
                ? null
                : AddressMemory.read(pointer(headers, header + Layouts.MSG_NAME, nameLength));
        var vectors = (int) headers.get(JAVA_LONG, header + Layouts.MSG_IOVLEN);
        var control = control(headers, header);
        var segmentSize = segmentSize(control);
        var payload = gather(pointer(headers, header + Layouts.MSG_IOV, vectors * Layouts.IOVEC), segmentSize > 0);
        requireValidSegments(payload.length(), segmentSize);
        return new SentMessage(destination, payload, segmentSize, vectors, options(control));
    }

    /** The number of segments that a message asks for, 0 without UDP_SEGMENT. */
    static int segments(MemorySegment header) {
        var size = segmentSize(control(header, 0));
        var vectors = header.get(JAVA_LONG, Layouts.MSG_IOVLEN) * Layouts.IOVEC;
        return size == 0 ? 0 : Math.ceilDiv(gather(pointer(header, Layouts.MSG_IOV, vectors), true).length(), size);
    }

    private static String gather(MemorySegment vectors, boolean joined) {
        var payload = new StringBuilder();
        for (long at = 0; at < vectors.byteSize(); at += Layouts.IOVEC) {
            var length = vectors.get(JAVA_LONG, at + Layouts.IOV_LEN);
            require(!joined || length > 0, "an empty vector vanishes from a joined message");
            payload.append(text(pointer(vectors, at + Layouts.IOV_BASE, length)));
        }
        return payload.toString();
    }

    private static MemorySegment control(MemorySegment headers, long header) {
        var length = headers.get(JAVA_LONG, header + Layouts.MSG_CONTROLLEN);
        return pointer(headers, header + Layouts.MSG_CONTROL, length);
    }

    /** __udp_cmsg_send of net/ipv4/udp.c accepts a UDP_SEGMENT of exactly 16 bits. Salvo writes it first. */
    private static int segmentSize(MemorySegment control) {
        if (control.byteSize() == 0 || control.get(JAVA_INT_UNALIGNED, Layouts.CMSG_LEVEL) != Linux.SOL_UDP()) {
            return 0;
        }
        require(
                control.get(JAVA_LONG_UNALIGNED, Layouts.CMSG_LEN) == Layouts.CMSG_HEADER + Short.BYTES
                        && control.get(JAVA_INT_UNALIGNED, Layouts.CMSG_TYPE) == Linux.UDP_SEGMENT(),
                "a malformed UDP_SEGMENT");
        var size = Short.toUnsignedInt(control.get(JAVA_SHORT_UNALIGNED, Layouts.CMSG_HEADER));
        require(size > 0, "a UDP_SEGMENT of 0, which would override the socket's");
        return size;
    }

    private static String options(MemorySegment control) {
        var options = new StringJoiner(" ");
        var reader = new ControlReader();
        reader.reset(control, 0, control.byteSize());
        long read = 0;
        while (reader.next()) {
            read += Layouts.cmsgSpace(reader.dataLength());
            if (reader.level() == Linux.SOL_UDP()) {
                require(read == Layouts.cmsgSpace(Short.BYTES), "a UDP_SEGMENT that is not the first");
            } else {
                require(reader.dataLength() % Integer.BYTES == 0, "control data of " + reader.dataLength() + " bytes");
                var values = LongStream.range(0, reader.dataLength() / Integer.BYTES)
                        .mapToObj(i -> Integer.toString(reader.getInt(i * Integer.BYTES)))
                        .collect(joining(","));
                options.add(reader.level() + ":" + reader.type() + "=" + values);
            }
        }
        require(read == control.byteSize(), "control messages shorter than msg_controllen");
        return options.toString();
    }

    private static void requireValidSegments(int length, int segmentSize) {
        require(length <= 65_535, "a message of " + length + " bytes");
        if (segmentSize > 0) {
            require(length > segmentSize, "a joined message of one datagram");
            require(length <= MAX_PAYLOAD, "a joined message of " + length + " bytes");
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("invalid message for sendmmsg: " + what);
        }
    }

    private static MemorySegment pointer(MemorySegment memory, long offset, long length) {
        return MemorySegment.ofAddress(memory.get(JAVA_LONG, offset)).reinterpret(length);
    }

    private static String text(MemorySegment memory) {
        return new String(memory.toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }

    /** Fills a header and the memory it points to; returns the result of recvmsg. */
    static int write(Incoming message, MemorySegment headers, long header, int callFlags) {
        var nameRoom = headers.get(JAVA_INT, header + Layouts.MSG_NAMELEN);
        var name = pointer(headers, header + Layouts.MSG_NAME, nameRoom);
        headers.set(JAVA_INT, header + Layouts.MSG_NAMELEN, AddressMemory.write(message.source(), name));

        var flags = message.flags();
        var controlRoom = headers.get(JAVA_LONG, header + Layouts.MSG_CONTROLLEN);
        var control = copy(message.control(), pointer(headers, header + Layouts.MSG_CONTROL, controlRoom));
        headers.set(JAVA_LONG, header + Layouts.MSG_CONTROLLEN, control);
        flags |= control < message.control().length() ? Linux.MSG_CTRUNC() : 0;

        var copied = scatter(message.payload(), headers, header);
        flags |= copied < message.payload().length() ? Linux.MSG_TRUNC() : 0;
        headers.set(JAVA_INT, header + Layouts.MSG_FLAGS, flags);
        var truth = (callFlags & Linux.MSG_TRUNC()) != 0 ? message.payload().length() : copied;
        var length = message.reportedLength() < 0 ? truth : message.reportedLength();
        if (header + Layouts.MMSGHDR <= headers.byteSize()) {
            headers.set(JAVA_INT, header + Layouts.MSG_LEN, length);
        }
        return length;
    }

    private static int scatter(String payload, MemorySegment headers, long header) {
        var count = headers.get(JAVA_LONG, header + Layouts.MSG_IOVLEN);
        var vectors = pointer(headers, header + Layouts.MSG_IOV, count * Layouts.IOVEC);
        int copied = 0;
        for (long at = 0; at < vectors.byteSize(); at += Layouts.IOVEC) {
            var room = pointer(vectors, at + Layouts.IOV_BASE, vectors.get(JAVA_LONG, at + Layouts.IOV_LEN));
            copied += copy(payload.substring(copied), room);
        }
        return copied;
    }

    private static int copy(String text, MemorySegment room) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var length = (int) Math.min(bytes.length, room.byteSize());
        MemorySegment.copy(bytes, 0, room, JAVA_BYTE, 0, length);
        return length;
    }
}
