package dev.salvo.bench;

import java.util.List;

/** One implementation of UDP. A role runs until the process is terminated. An unsupported role is a usage error. */
interface Peer {

    /**
     * The receive buffer in bytes, the same as for the C peers. A whole window of the load must fit, or the benchmark
     * would measure the kernel's drops.
     */
    int RECEIVE_BUFFER = 4 << 20;

    void echo(Endpoint bind) throws Exception;

    default void sink(Endpoint bind, Counter counter) throws Exception {
        throw new UnsupportedOperationException("no sink");
    }

    /**
     * Sends to each destination in turn. A source has one destination, a fan-out has several. A fan-out sends a payload
     * to all destinations before the next payload exists, as in a server, so two datagrams are never joined.
     */
    default void source(List<Endpoint> destinations, int size, Counter counter) throws Exception {
        throw new UnsupportedOperationException("no source");
    }

    /** Echoes on {@code count} sockets in one thread, each on a free port with the system's default receive buffer. */
    default void sockets(int count, PortList ports) throws Exception {
        throw new UnsupportedOperationException("no sockets");
    }

    /** Prints the line by which the harness knows that the peer is ready, and at which port. */
    static void listening(Endpoint bind, int boundPort) {
        System.out.println("listening on " + bind.withPort(boundPort));
    }
}
