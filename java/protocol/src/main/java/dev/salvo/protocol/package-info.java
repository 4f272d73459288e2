/**
 * A reactor, protocols and transports, in the shape and with the names of Twisted's UDP networking.
 *
 * <p>Everything here belongs to the thread that opened the {@link dev.salvo.protocol.Reactor}, callbacks included; what
 * another thread may call says so. Lengths are bytes.
 *
 * <p>A program opens a reactor, listens, and runs it. Here {@code Echo} is its own class, a
 * {@link dev.salvo.protocol.DatagramProtocol}:
 *
 * {@snippet file = "dev/salvo/examples/Echo.java" region = "run"}
 */
@NullMarked
package dev.salvo.protocol;

import org.jspecify.annotations.NullMarked;
