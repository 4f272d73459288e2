package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One received datagram: a cursor that {@link ReceiveBatch#next()} moves, not an object for each.
 *
 * <p>What it shows is valid until the batch moves on, is received into again, or is closed; in a protocol, until
 * {@code datagramReceived} returns. The accessors throw IllegalStateException from then on, unless the batch has moved
 * on: the cursor then shows the next datagram. {@link #copy()} keeps one.
 */
public final class Datagram {

    private final @Nullable ReceiveBatch batch;
    private final SockAddr source;
    /** Of a datagram that stays valid; null for a batch's, whose batch has it. */
    private final @Nullable DatagramMetadata kept;
    private MemorySegment segment;
    private long offset;
    private int length;
    private int originalLength;
    /** The generation of the batch that this was positioned in. */
    private long generation = -1;

    Datagram(ReceiveBatch batch, MemorySegment segment, SockAddr source) {
        this.batch = batch;
        this.segment = segment;
        this.source = source;
        this.kept = null;
    }

    private Datagram(byte[] payload, SockAddr source, int originalLength, DatagramMetadata metadata) {
        this.batch = null;
        this.segment = MemorySegment.ofArray(payload).asReadOnly();
        this.length = payload.length;
        this.originalLength = originalLength;
        this.source = source;
        this.kept = metadata;
    }

    /**
     * A datagram that no socket received, for tests of what receives them. It has no metadata.
     *
     * @param payload its bytes, which are copied
     * @param source where it is to come from, which is copied
     * @return a datagram that stays valid, on the heap
     */
    public static Datagram of(byte[] payload, SockAddr source) {
        return new Datagram(payload.clone(), source.copy(), payload.length, DatagramMetadata.NONE);
    }

    void moveTo(long newOffset, int newLength, int lengthThatItHad, long batchGeneration) {
        offset = newOffset;
        length = newLength;
        originalLength = lengthThatItHad;
        generation = batchGeneration;
    }

    private void requireValid() {
        if (batch != null) {
            batch.requireGeneration(generation);
        }
    }

    /**
     * The memory that holds the payload, beginning at {@link #offset()}; it holds other datagrams too. Read-only.
     *
     * @return for a batch's datagrams, always the same segment
     * @throws IllegalStateException if the datagram is gone
     */
    public MemorySegment segment() {
        requireValid();
        return segment;
    }

    /**
     * Where the payload begins in {@link #segment()}.
     *
     * @return an offset in bytes, of no particular alignment
     * @throws IllegalStateException if the datagram is gone
     */
    public long offset() {
        requireValid();
        return offset;
    }

    /**
     * The length of the payload. Empty datagrams are real ones.
     *
     * @return 0 to 65,535 bytes
     * @throws IllegalStateException if the datagram is gone
     */
    public int length() {
        requireValid();
        return length;
    }

    /**
     * Where the datagram came from.
     *
     * @return a view that moves on with this datagram; {@link SockAddr#copy()} keeps it
     * @throws IllegalStateException if the datagram is gone
     */
    public SockAddr source() {
        requireValid();
        return source;
    }

    /**
     * Whether the end of the payload is missing, because the batch's slots or its largest packet size are smaller.
     *
     * @return true if the datagram was longer than {@link #length()}
     * @throws IllegalStateException if the datagram is gone
     */
    public boolean truncated() {
        requireValid();
        return length < originalLength;
    }

    /**
     * The length that the datagram was sent with, which is more than {@link #length()} if its end is missing.
     *
     * @return 0 to 65,535 bytes
     * @throws IllegalStateException if the datagram is gone
     */
    public int originalLength() {
        requireValid();
        return originalLength;
    }

    /**
     * What the kernel told of the message that the datagram came in, decoded at the first call for that message, and
     * the same for all its datagrams. What options of the socket ask for is there, whether {@link Metadata#enable} set
     * them or somebody else, and the segment size.
     *
     * @return for a batch's datagrams, always the same object, valid as long as the batch stays at the message
     * @throws IllegalStateException if the datagram is gone
     */
    public DatagramMetadata metadata() {
        requireValid();
        return kept != null ? kept : Objects.requireNonNull(batch).metadata();
    }

    /**
     * One byte of the payload.
     *
     * @param index 0 to {@link #length()} - 1
     * @return the byte
     * @throws IndexOutOfBoundsException if there is no such byte
     * @throws IllegalStateException if the datagram is gone
     */
    public byte get(int index) {
        requireValid();
        return segment.get(JAVA_BYTE, offset + Objects.checkIndex(index, length));
    }

    /**
     * Copies the payload.
     *
     * @param target at least {@link #length()} bytes long
     * @return how many bytes were copied
     * @throws IndexOutOfBoundsException if {@code target} is too short
     * @throws IllegalStateException if the datagram is gone
     */
    public int copyTo(byte[] target) {
        requireValid();
        MemorySegment.copy(segment, JAVA_BYTE, offset, target, 0, length);
        return length;
    }

    /**
     * The payload as a buffer, without copying it.
     *
     * @return a new read-only view of exactly the payload, which shows other bytes once the batch is received into
     * again
     * @throws IllegalStateException if the datagram is gone
     */
    public ByteBuffer asByteBuffer() {
        requireValid();
        return segment.asSlice(offset, length).asByteBuffer();
    }

    /**
     * This datagram, to keep, and its metadata.
     *
     * @return a new datagram that stays valid, on the heap
     * @throws IllegalStateException if the datagram is gone
     */
    public Datagram copy() {
        var payload = new byte[length()];
        copyTo(payload);
        return new Datagram(payload, source.copy(), originalLength, batch == null ? metadata() : batch.keptMetadata());
    }

    @Override
    public String toString() {
        if (batch != null && batch.generation() != generation) {
            return "datagram (gone)";
        }
        return "datagram of " + length + " bytes from " + source;
    }
}
