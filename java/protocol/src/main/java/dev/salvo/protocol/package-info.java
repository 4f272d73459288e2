/**
 * Protocols and transports, modelled on Twisted's UDP networking and with its names.
 *
 * <p>
 * Everything here belongs to the thread that opened the {@link dev.salvo.reactor.Reactor}, callbacks included. A method
 * that other threads may call says so. Lengths are in bytes.
 *
 * <p>
 * A program opens a reactor, listens on a port, and runs the reactor. Here {@code Echo} is the program's own class, a
 * {@link dev.salvo.protocol.DatagramProtocol}:
 *
 * {@snippet file = "dev/salvo/examples/Echo.java" region = "run"}
 *
 * <p>
 * A service can ask other servers before it answers. This is from a DNS forwarder:
 *
 * {@snippet file = "dev/salvo/examples/dns/DnsForwarder.java" region = "received"}
 */
@NullMarked
package dev.salvo.protocol;

import org.jspecify.annotations.NullMarked;
