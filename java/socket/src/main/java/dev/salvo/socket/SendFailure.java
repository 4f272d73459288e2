package dev.salvo.socket;

import org.jspecify.annotations.Nullable;

/**
 * A datagram that the kernel refused, for a reason of its own.
 *
 * @param destination where it was to go; null for the peer of a connected socket
 * @param length its length in bytes
 * @param errno why: a value of {@link Errno}, or another
 */
public record SendFailure(@Nullable SockAddr destination, int length, int errno) {
}
