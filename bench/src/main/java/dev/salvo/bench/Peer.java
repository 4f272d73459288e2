package dev.salvo.bench;

import java.util.List;

/** One way to do UDP. A role runs until the process is terminated; one that a peer has not got is a usage error. */
interface Peer {

    /** What the C peers ask for too: a window of the load must fit, or the kernel's drops would be measured. */
    int RECEIVE_BUFFER = 4 << 20;

    void echo(Endpoint bind) throws Exception;

    default void sink(Endpoint bind, Counter counter) throws Exception {
        throw new UnsupportedOperationException("no sink");
    }

    /**
     * Sends to each destination in turn; there is one for a source, and several are a fan-out: then a payload is sent
     * to all before there is a next one, as a server has it, so that two of them are never joined.
     */
    default void source(List<Endpoint> destinations, int size, Counter counter) throws Exception {
        throw new UnsupportedOperationException("no source");
    }

    /** One thread echoes on so many sockets, each on a free port, with the system's receive buffer. */
    default void sockets(int count, PortList ports) throws Exception {
        throw new UnsupportedOperationException("no sockets");
    }

    /** The line that tells whoever started the peer that it is ready. */
    static void listening(Endpoint bind, int boundPort) {
        System.out.println("listening on " + bind.withPort(boundPort));
    }
}
