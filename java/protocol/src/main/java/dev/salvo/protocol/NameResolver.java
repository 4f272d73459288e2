package dev.salvo.protocol;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Finds the addresses of hosts. A reactor uses the system's resolver, InetAddress, on threads of its own, of which at
 * most ten at a time are waited for; further names wait for one of them. Its resolver must be called on the reactor's
 * thread.
 *
 * <p>
 * The JVM keeps what it has found for 30 seconds, and that it found nothing for 10 seconds (the security properties
 * networkaddress.cache.ttl and networkaddress.cache.negative.ttl), whatever the TTL of the record.
 *
 * <p>
 * An IPv4 or IPv6 literal is not looked up, and an IPv6 literal keeps its scope. An empty name means 0.0.0.0.
 *
 * <p>
 * The stages complete on the reactor's thread, in a later turn. They complete with an UnknownHostException if the host
 * has no address or if no answer arrives in time, and with a CancellationException if the reactor stops before. The
 * reactor's thread must not wait for a stage.
 *
 * {@snippet file = "dev/salvo/examples/ResolveName.java" region = "resolve"}
 */
public interface NameResolver {

    /** The default timeout: 60 seconds, the sum of Twisted's 1, 3, 11 and 45. */
    Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    /**
     * Finds an address of a host, within {@link #DEFAULT_TIMEOUT}. See {@link #resolve(String, Duration)}.
     *
     * @param name the name of a host, or a literal
     * @return the address
     * @throws IllegalStateException if the reactor has stopped
     */
    default CompletionStage<InetAddress> resolve(String name) {
        return resolve(name, DEFAULT_TIMEOUT);
    }

    /**
     * Finds an address of a host: the first IPv4 address, or the first IPv6 address if there is no IPv4 one. IPv4 is
     * preferred because a port listens on IPv4 by default.
     *
     * @param name the name of a host, or a literal
     * @param timeout how long to wait for the answer. After the timeout, a lookup that has begun goes on and keeps its
     *     thread, but no longer holds up others; with a hundred of them none begins until one ends
     * @return the address
     * @throws IllegalArgumentException if {@code timeout} is not positive
     * @throws IllegalStateException if the reactor has stopped
     */
    CompletionStage<InetAddress> resolve(String name, Duration timeout);

    /**
     * Finds the addresses of a host, within {@link #DEFAULT_TIMEOUT}. See {@link #resolveAll(String, Duration)}.
     *
     * @param name the name of a host, or a literal
     * @return the addresses
     * @throws IllegalStateException if the reactor has stopped
     */
    default CompletionStage<List<InetAddress>> resolveAll(String name) {
        return resolveAll(name, DEFAULT_TIMEOUT);
    }

    /**
     * Finds the addresses of a host.
     *
     * @param name the name of a host, or a literal
     * @param timeout how long to wait for the answer. After the timeout, a lookup that has begun goes on and keeps its
     *     thread, but no longer holds up others; with a hundred of them none begins until one ends
     * @return the addresses, at least one, in the system's order
     * @throws IllegalArgumentException if {@code timeout} is not positive
     * @throws IllegalStateException if the reactor has stopped
     */
    CompletionStage<List<InetAddress>> resolveAll(String name, Duration timeout);
}
