package dev.salvo.socket;

/**
 * The memory of sends with MSG_ZEROCOPY is free again: SO_EE_ORIGIN_ZEROCOPY, of the kernel's
 * Documentation/networking/msg_zerocopy.rst. Salvo makes no such sends; this is for a program that makes them on
 * {@link UdpSocket#descriptor}, with {@link dev.salvo.socket.option.SocketOptions#ZEROCOPY} on. Immutable.
 *
 * <p>The kernel counts the sends of a socket that had the flag and succeeded, from 0, in unsigned 32 bits, and wraps:
 * only then is {@code last} below {@code first}. It tells neighbouring ones together. That the memory is free does not
 * say that the datagrams have left.
 *
 * @param first the number of the first of these sends
 * @param last the number of the last one, which may be the same
 * @param copied whether the kernel has copied after all, as it does on loopback: then the flag saved nothing
 */
public record ZerocopyCompletion(long first, long last, boolean copied) implements Completion {
}
