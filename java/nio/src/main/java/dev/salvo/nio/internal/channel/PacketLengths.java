package dev.salvo.nio.internal.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.net.DatagramPacket;
import org.jspecify.annotations.Nullable;

/**
 * The two lengths of a DatagramPacket: that of its buffer, and that of the datagram. A receive sets the second alone,
 * so that a packet can be used again and again. java.net has no method for that: setLength sets both.
 *
 * <p>
 * Where java.net is open to this module, as the agent makes it, the field is set. Otherwise the last packet and the
 * length of its buffer are remembered, which serves a program that receives into one packet.
 */
final class PacketLengths {

    private static final @Nullable VarHandle LENGTH = field("length");
    private static final @Nullable VarHandle BUFFER_LENGTH = field("bufLength");

    private WeakReference<DatagramPacket> last = new WeakReference<>(null);
    private WeakReference<byte[]> lastData = new WeakReference<>(null);
    private int lastBuffer;
    private int lastDatagram;

    private static @Nullable VarHandle field(String name) {
        try {
            return MethodHandles.privateLookupIn(DatagramPacket.class, MethodHandles.lookup())
                    .findVarHandle(DatagramPacket.class, name, int.class);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    /** How many bytes a datagram in this packet may have. */
    int buffer(DatagramPacket packet) {
        if (BUFFER_LENGTH != null) {
            return (int) BUFFER_LENGTH.get(packet);
        }
        var length = packet.getLength();
        return last.get() == packet && lastData.get() == packet.getData() && length == lastDatagram
                ? lastBuffer
                : length;
    }

    /** Sets the length of a datagram that was received into the packet. */
    void received(DatagramPacket packet, int buffer, int length) {
        if (LENGTH != null) {
            LENGTH.set(packet, length);
            return;
        }
        packet.setLength(length);
        if (last.get() != packet) {
            last = new WeakReference<>(packet);
        }
        if (lastData.get() != packet.getData()) {
            lastData = new WeakReference<>(packet.getData());
        }
        lastBuffer = buffer;
        lastDatagram = length;
    }
}
