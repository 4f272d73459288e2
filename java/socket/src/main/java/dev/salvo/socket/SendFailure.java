package dev.salvo.socket;

import org.jspecify.annotations.Nullable;

/**
 * A datagram that the kernel refused because of the datagram itself.
 *
 * @param destination where it was to be sent; null for the peer of a connected socket
 * @param length its length in bytes
 * @param errno the reason: a constant of {@link dev.salvo.linux.Errno}, or another errno
 */
public record SendFailure(@Nullable SockAddr destination, int length, int errno) {
}
