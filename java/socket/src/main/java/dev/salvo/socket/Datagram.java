package dev.salvo.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One received datagram. A batch has a single Datagram, which is a cursor: {@link ReceiveBatch#next()} moves it to the
 * next datagram and makes no new object.
 *
 * <p>
 * Its contents are valid until the batch moves to the next datagram, receives again or is closed; in a protocol, until
 * {@code datagramReceived} returns. If the batch has moved to the next datagram, the accessors return the values of
 * that one. If there is no current datagram any more, because the last one has been passed or because the batch has
 * received again or was closed, the datagram is gone: the accessors throw IllegalStateException. {@link #copy()} keeps
 * a datagram.
 */
public final class Datagram {

    private final @Nullable ReceiveBatch batch;
    private final SockAddr source;
    /** The metadata of a datagram that stays valid; null for a batch's cursor, whose batch has the metadata. */
    private final @Nullable DatagramMetadata kept;
    private MemorySegment segment;
    private long offset;
    private int length;
    private int originalLength;
    /** The generation of the batch when the cursor was last moved. */
    private long generation = -1;

    Datagram(ReceiveBatch batch, MemorySegment segment, SockAddr source) {
        this.batch = batch;
        this.segment = segment;
        this.source = source;
        this.kept = null;
    }

    private Datagram(MemorySegment payload, SockAddr source, int originalLength, DatagramMetadata metadata) {
        this.batch = null;
        this.segment = payload.asReadOnly();
        this.length = (int) payload.byteSize();
        this.originalLength = originalLength;
        this.source = source;
        this.kept = metadata;
    }

    /**
     * Creates a datagram that no socket received, for tests of code that receives datagrams. It has no metadata.
     *
     * @param payload its bytes; they are copied
     * @param source its source address; it is copied
     * @return a datagram on the heap that stays valid
     */
    public static Datagram of(byte[] payload, SockAddr source) {
        return new Datagram(
                MemorySegment.ofArray(payload.clone()), source.copy(), payload.length, DatagramMetadata.NONE);
    }

    /**
     * Creates a datagram that no socket received, for tests of code that must not keep a datagram. It has no metadata.
     *
     * @param payload its bytes, at most 65,535; they are not copied
     * @param source its source address; it is copied
     * @return a datagram that is gone when the arena of {@code payload} is closed
     * @throws IllegalArgumentException if {@code payload} is too long
     */
    public static Datagram of(MemorySegment payload, SockAddr source) {
        return of(payload, source, DatagramMetadata.NONE);
    }

    /**
     * Creates a datagram that no socket received, with metadata that no kernel reported.
     *
     * @param payload its bytes, at most 65,535; they are not copied
     * @param source its source address; it is copied
     * @param metadata what {@link #metadata} returns; it is copied
     * @return a datagram that is gone when the arena of {@code payload} is closed
     * @throws IllegalArgumentException if {@code payload} is too long
     */
    public static Datagram of(MemorySegment payload, SockAddr source, DatagramMetadata metadata) {
        if (payload.byteSize() > 65_535) {
            throw new IllegalArgumentException("a datagram has at most 65,535 bytes, not " + payload.byteSize());
        }
        return new Datagram(payload, source.copy(), (int) payload.byteSize(), metadata.copy());
    }

    void moveTo(long newOffset, int newLength, int newOriginalLength, long batchGeneration) {
        offset = newOffset;
        length = newLength;
        originalLength = newOriginalLength;
        generation = batchGeneration;
    }

    private void requireValid() {
        if (batch != null) {
            batch.requireGeneration(generation);
        } else if (!segment.scope().isAlive()) {
            throw new IllegalStateException(ReceiveBatch.GONE);
        }
    }

    /**
     * The memory that holds the payload, read-only. The payload begins at {@link #offset()}. The memory holds other
     * datagrams, too.
     *
     * @return for the cursor of a batch, always the same segment
     * @throws IllegalStateException if the datagram is gone
     */
    public MemorySegment segment() {
        requireValid();
        return segment;
    }

    /**
     * The offset of the payload in {@link #segment()}.
     *
     * @return an offset in bytes, with no particular alignment
     * @throws IllegalStateException if the datagram is gone
     */
    public long offset() {
        requireValid();
        return offset;
    }

    /**
     * The length of the payload. An empty datagram is a datagram like any other.
     *
     * @return 0 to 65,535 bytes
     * @throws IllegalStateException if the datagram is gone
     */
    public int length() {
        requireValid();
        return length;
    }

    /**
     * The address that the datagram came from.
     *
     * @return for the cursor of a batch, a view that changes when the cursor moves; {@link SockAddr#copy()} keeps the
     * address
     * @throws IllegalStateException if the datagram is gone
     */
    public SockAddr source() {
        requireValid();
        return source;
    }

    /**
     * Whether the datagram was truncated: the end of its payload is missing, because the slots of the batch or its
     * {@linkplain ReceiveBatch#maxPacketSize largest packet size} are smaller than the datagram.
     *
     * @return true if the datagram was longer than {@link #length()}
     * @throws IllegalStateException if the datagram is gone
     */
    public boolean truncated() {
        requireValid();
        return length < originalLength;
    }

    /**
     * The length that the datagram had when it was sent. It is larger than {@link #length()} if the datagram was
     * truncated.
     *
     * @return 0 to 65,535 bytes
     * @throws IllegalStateException if the datagram is gone
     */
    public int originalLength() {
        requireValid();
        return originalLength;
    }

    /**
     * What the kernel reported about the message that the datagram arrived in. It contains the values that the options
     * of the socket ask for, whether {@link Metadata#enable} or somebody else has set them, and the segment size. The
     * metadata is decoded at the first call for each message, and is the same for all datagrams of the message.
     *
     * @return for the cursor of a batch, always the same object, which is valid as long as the batch stays at the
     * message
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
     * Copies the payload to the beginning of an array.
     *
     * @param target an array of at least {@link #length()} bytes
     * @return how many bytes were copied: {@link #length()}
     * @throws IndexOutOfBoundsException if {@code target} is too short
     * @throws IllegalStateException if the datagram is gone
     */
    public int copyTo(byte[] target) {
        requireValid();
        MemorySegment.copy(segment, JAVA_BYTE, offset, target, 0, length);
        return length;
    }

    /**
     * Copies a part of the payload to a buffer, at its position, which moves behind it. No object is created.
     *
     * @param from the first byte to copy, 0 to {@link #length()}
     * @param count how many bytes, 0 to {@link #length()} - {@code from}
     * @param target a buffer with room for them
     * @throws IndexOutOfBoundsException if the payload has no such part
     * @throws java.nio.BufferOverflowException if {@code target} has less room
     * @throws java.nio.ReadOnlyBufferException if {@code target} is read-only
     * @throws IllegalStateException if the datagram is gone
     */
    public void copyTo(int from, int count, ByteBuffer target) {
        requireValid();
        Objects.checkFromIndexSize(from, count, length);
        if (count > target.remaining()) {
            throw new BufferOverflowException();
        }
        var position = target.position();
        target.put(position, buffer(), (int) offset + from, count);
        target.position(position + count);
    }

    /** The whole of {@link #segment}. */
    private ByteBuffer buffer() {
        return batch != null ? batch.buffer() : segment.asByteBuffer();
    }

    /** {@return a copy of the payload} */
    public byte[] bytes() {
        var bytes = new byte[length()];
        copyTo(bytes);
        return bytes;
    }

    /** {@return the payload decoded as UTF-8; malformed bytes become U+FFFD} */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /**
     * The payload as a buffer, without copying it.
     *
     * @return a new read-only buffer of exactly the payload. Once the batch receives again, the buffer shows other
     * bytes; once the batch is closed, each access throws IllegalStateException. Only the batch's thread may use it.
     * The buffer of a {@link #copy} stays valid
     * @throws IllegalStateException if the datagram is gone
     */
    public ByteBuffer asByteBuffer() {
        requireValid();
        return segment.asSlice(offset, length).asByteBuffer();
    }

    /**
     * Copies this datagram and its metadata.
     *
     * @return a new datagram on the heap that stays valid
     * @throws IllegalStateException if the datagram is gone
     */
    public Datagram copy() {
        return new Datagram(MemorySegment.ofArray(bytes()), source.copy(), originalLength,
                batch == null ? metadata() : batch.keptMetadata());
    }

    @Override
    public String toString() {
        if (batch != null && batch.generation() != generation) {
            return "datagram (gone)";
        }
        return "datagram of " + length + " bytes from " + source;
    }
}
