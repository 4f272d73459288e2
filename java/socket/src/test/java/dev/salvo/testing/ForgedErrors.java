package dev.salvo.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.salvo.bindings.Linux;
import dev.salvo.kernel.Kernels;
import dev.salvo.kernel.MessageHeaders;
import dev.salvo.socket.SockAddr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A flood of forged ICMP errors to a host, as fast as one thread can send: each is about a datagram that a port of the
 * host is said to have sent, to a destination of its own. A third each says that fragmentation was needed (packet too
 * big), that the port is unreachable, and that the host is.
 */
public final class ForgedErrors implements AutoCloseable {

    private static final int MESSAGES = 512;
    private static final int UDP = 17;
    private static final int QUOTED_PAYLOAD = 8;
    private static final int MTU = 1_280;

    private final Thread thread;
    private final CountDownLatch flowing = new CountDownLatch(1);
    private volatile boolean stopped;

    /**
     * Begins the flood.
     *
     * @param from the namespace that the errors are sent from
     * @param victim the address of the port that the errors are about
     */
    public ForgedErrors(NetNamespace from, SockAddr victim) throws InterruptedException {
        thread = Thread.ofPlatform().daemon().name("forged errors").start(() -> {
            from.enter();
            flood(victim);
        });
        assertTrue(flowing.await(10, TimeUnit.SECONDS), "no flood");
    }

    private void flood(SockAddr victim) {
        var kernel = Kernels.current();
        var ipv6 = victim.isIpv6();
        var fd = kernel.socket(
                ipv6 ? Linux.AF_INET6() : Linux.AF_INET(), Linux.SOCK_RAW(),
                ipv6 ? Linux.IPPROTO_ICMPV6() : Linux.IPPROTO_ICMP());
        try (var arena = Arena.ofConfined()) {
            var messages = new MessageHeaders(arena, MESSAGES, MESSAGES);
            for (int i = 0; i < MESSAGES; i++) {
                var error = ipv6 ? icmpv6(i, victim) : icmp(i, victim);
                var memory = arena.allocate(error.length, Long.BYTES).copyFrom(MemorySegment.ofArray(error));
                messages.name(i, victim.withPort(0));
                messages.vector(i, memory, 0, error.length);
                messages.vectors(i, i, 1);
                messages.controlLength(i, 0);
            }
            while (!stopped) {
                if (kernel.sendmmsg(fd, messages.from(0), MESSAGES, 0) > 0) {
                    flowing.countDown();
                }
            }
        } finally {
            kernel.close(fd);
        }
    }

    /** An error of RFC 792 about 198.18.x.y. */
    private static byte[] icmp(int number, SockAddr victim) {
        var error = ByteBuffer.allocate(8 + 20 + 8 + QUOTED_PAYLOAD);
        error.put((byte) 3).put((byte) new int[]{4, 3, 1}[number % 3]).putShort((short) 0);
        error.putInt(number % 3 == 0 ? MTU : 0);
        error.put((byte) 0x45).put((byte) 0).putShort((short) (28 + QUOTED_PAYLOAD)).putInt(0x4000);
        error.put((byte) 64).put((byte) UDP).putShort((short) 0);
        error.put(victim.inetAddress().getAddress());
        error.put((byte) 198).put((byte) 18).putShort((short) number);
        udp(error, victim.port());
        return error.putShort(2, checksum(error)).array();
    }

    /** An error of RFC 4443 about 2001:db8:ffff::x; the kernel writes its checksum. */
    private static byte[] icmpv6(int number, SockAddr victim) {
        var error = ByteBuffer.allocate(8 + 40 + 8 + QUOTED_PAYLOAD);
        error.put((byte) (number % 3 == 0 ? 2 : 1)).put((byte) new int[]{0, 4, 3}[number % 3]).putShort((short) 0);
        error.putInt(number % 3 == 0 ? MTU : 0);
        error.putInt(0x6000_0000).putShort((short) (8 + QUOTED_PAYLOAD)).put((byte) UDP).put((byte) 64);
        error.put(victim.inetAddress().getAddress());
        error.putLong(0x2001_0db8_ffff_0000L).putLong(number + 1L);
        udp(error, victim.port());
        return error.array();
    }

    private static void udp(ByteBuffer error, int from) {
        error.putShort((short) from).putShort((short) 9).putShort((short) (8 + QUOTED_PAYLOAD)).putShort((short) 0);
        error.put(new byte[QUOTED_PAYLOAD]);
    }

    /** RFC 1071. */
    private static short checksum(ByteBuffer bytes) {
        int sum = 0;
        for (int at = 0; at < bytes.capacity(); at += 2) {
            sum += Short.toUnsignedInt(bytes.getShort(at));
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
    }

    /** {@return whether errors are still being sent} */
    public boolean isFlowing() {
        return thread.isAlive();
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
