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
 *
 * <p>A service that asks others before it answers, here of a DNS forwarder:
 *
 * {@snippet file = "dev/salvo/examples/dns/DnsForwarder.java" region = "received"}
 */
@NullMarked
package dev.salvo.protocol;

import org.jspecify.annotations.NullMarked;
