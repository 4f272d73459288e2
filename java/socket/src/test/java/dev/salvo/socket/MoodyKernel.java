package dev.salvo.socket;

import dev.salvo.kernel.Answer;
import dev.salvo.kernel.Call;
import dev.salvo.kernel.SentMessage;
import dev.salvo.linux.Errno;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * sendmmsg of Linux on a network with frequent random errors. The payload and destination alone decide whether a
 * datagram is refused permanently ({@link #refuses}); all other errors are temporary.
 */
final class MoodyKernel implements Answer {

    /** Payloads that begin with this are refused. */
    static final char BAD = '!';

    static final SockAddr PLAIN = SockAddr.of("192.0.2.1", 1);
    static final SockAddr ALSO_PLAIN = SockAddr.of("2001:db8::1", 1);
    /** Every datagram to this address is refused. */
    static final SockAddr PORT_ZERO = SockAddr.of("192.0.2.1", 0);
    /**
     * Joined messages to these three are refused: by an egress device, by some virtio, for segments over the MTU (trap
     * 14).
     */
    static final SockAddr BAD_DEVICE = SockAddr.of("192.0.2.2", 2);

    static final SockAddr BAD_VIRTIO = SockAddr.of("2001:db8::2", 2);
    static final SockAddr SMALL_MTU = SockAddr.of("192.0.2.3", 3);
    static final List<SockAddr> DESTINATIONS = List.of(PLAIN, ALSO_PLAIN, PORT_ZERO, BAD_DEVICE, BAD_VIRTIO, SMALL_MTU);

    private static final int MTU = 40;
    private static final int[] RAISED_BY_ICMP = {
            Errno.ECONNREFUSED, Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.EMSGSIZE, Errno.EACCES, Errno.EPROTO
    };

    private final SplittableRandom random;
    private final int moodiness;
    /**
     * Temporary errors since the last message was taken. Salvo would take more than three in a row for errors of the
     * message itself.
     */
    private int passing;

    MoodyKernel(SplittableRandom random, int moodiness) {
        this.random = random;
        this.moodiness = moodiness;
    }

    /** The errno with which a single datagram is refused, or 0. */
    static int refuses(SockAddr destination, String payload) {
        if (destination.equals(PORT_ZERO)) {
            return Errno.EINVAL;
        }
        return !payload.isEmpty() && payload.charAt(0) == BAD ? Errno.EPERM : 0;
    }

    private static int refuses(SentMessage message) {
        if (message.joined()) {
            if (message.isTo(BAD_DEVICE)) {
                return Errno.EIO;
            }
            if (message.isTo(BAD_VIRTIO)) {
                return Errno.EINVAL;
            }
            if (message.isTo(SMALL_MTU) && message.segmentSize() > MTU) {
                return Errno.EMSGSIZE;
            }
        }
        var destination = Objects.requireNonNull(message.destination());
        return message.datagrams().stream()
                .mapToInt(datagram -> refuses(destination, datagram.payload()))
                .filter(errno -> errno != 0)
                .findFirst()
                .orElse(0);
    }

    @Override
    public long to(Call call) {
        if (oneIn(8)) {
            return -Errno.EINTR;
        }
        if (oneIn(6)) {
            return -Errno.EAGAIN;
        }
        if (oneIn(10)) {
            return random.nextBoolean() ? -Errno.ENOBUFS : -Errno.ENOMEM;
        }
        return Answer.accept(this::moodily).to(call);
    }

    private int moodily(SentMessage message) {
        if (passing < 2 && oneIn(4)) {
            passing++;
            return RAISED_BY_ICMP[random.nextInt(RAISED_BY_ICMP.length)];
        }
        var errno = refuses(message);
        passing = errno == 0 ? 0 : passing;
        return errno;
    }

    private boolean oneIn(int times) {
        return moodiness > 0 && random.nextInt(times * 4 / moodiness) == 0;
    }
}
