package dev.salvo.socket.internal.control;

import dev.salvo.kernel.NativeAddress;
import dev.salvo.kernel.NativeAddress.Struct;

/** The values of {@code DatagramMetadata}: what the control messages of one received message say. */
public final class MetadataFields {

    /** The value of a number that the kernel did not report. */
    public static final int ABSENT = -1;

    /**
     * The address that the datagram was sent to, and the source address for a reply. They show nothing if the kernel
     * did not report them.
     */
    public final NativeAddress local;
    public final NativeAddress answer;
    public int interfaceIndex;
    public int trafficClass;
    public int hopLimit;
    public long receiveTime;
    public long hardwareTime;
    public long packetDrops;
    public long newPacketDrops;
    public int segmentSize;

    /** Empty fields, with the two addresses that are to show the local and the reply address. */
    public MetadataFields(NativeAddress local, NativeAddress answer) {
        this.local = local;
        this.answer = answer;
        clear();
    }

    public void clear() {
        Struct.invalidate(local);
        Struct.invalidate(answer);
        interfaceIndex = ABSENT;
        trafficClass = ABSENT;
        hopLimit = ABSENT;
        receiveTime = ABSENT;
        hardwareTime = ABSENT;
        packetDrops = ABSENT;
        newPacketDrops = ABSENT;
        segmentSize = ABSENT;
    }

    public void load(MetadataFields other) {
        Struct.load(local, other.local);
        Struct.load(answer, other.answer);
        interfaceIndex = other.interfaceIndex;
        trafficClass = other.trafficClass;
        hopLimit = other.hopLimit;
        receiveTime = other.receiveTime;
        hardwareTime = other.hardwareTime;
        packetDrops = other.packetDrops;
        newPacketDrops = other.newPacketDrops;
        segmentSize = other.segmentSize;
    }
}
