package dev.salvo.protocol;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What finds the addresses of hosts. A reactor's looks up on its threads, with the system's resolver, and belongs to
 * the reactor's thread.
 *
 * <p>A literal, IPv4 or IPv6, is not looked up, and an IPv6 one keeps its scope; an empty name is 0.0.0.0. The stages
 * complete on the reactor's thread, in a later turn: with an UnknownHostException if there is no address, or none in
 * time, and with a CancellationException if the reactor stops before. That thread must not wait for one.
 *
 * {@snippet file = "dev/salvo/examples/ResolveName.java" region = "resolve"}
 */
public interface NameResolver {

    /** How long to wait where nothing else is said: 60 s, the sum of Twisted's 1, 3, 11 and 45. */
    Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    /**
     * Finds an address of a host, within {@link #DEFAULT_TIMEOUT}. See {@link #resolve(String, Duration)}.
     *
     * @param name a host's name, or a literal
     * @return the address
     * @throws IllegalStateException if the reactor has stopped
     */
    default CompletionStage<InetAddress> resolve(String name) {
        return resolve(name, DEFAULT_TIMEOUT);
    }

    /**
     * Finds an address of a host: the first IPv4 one, since a port listens on IPv4 unless told otherwise, or if there
     * is none the first IPv6 one.
     *
     * @param name a host's name, or a literal
     * @param timeout how long to wait for the answer. The lookup itself goes on after it, and keeps its thread
     * @return the address
     * @throws IllegalArgumentException if {@code timeout} is not positive
     * @throws IllegalStateException if the reactor has stopped
     */
    CompletionStage<InetAddress> resolve(String name, Duration timeout);

    /**
     * Finds the addresses of a host, within {@link #DEFAULT_TIMEOUT}. See {@link #resolveAll(String, Duration)}.
     *
     * @param name a host's name, or a literal
     * @return the addresses
     * @throws IllegalStateException if the reactor has stopped
     */
    default CompletionStage<List<InetAddress>> resolveAll(String name) {
        return resolveAll(name, DEFAULT_TIMEOUT);
    }

    /**
     * Finds the addresses of a host.
     *
     * @param name a host's name, or a literal
     * @param timeout how long to wait for the answer. The lookup itself goes on after it, and keeps its thread
     * @return the addresses, at least one, in the system's order
     * @throws IllegalArgumentException if {@code timeout} is not positive
     * @throws IllegalStateException if the reactor has stopped
     */
    CompletionStage<List<InetAddress>> resolveAll(String name, Duration timeout);
}
