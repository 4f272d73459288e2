/**
 * Datagram channels of java.nio, and sockets of java.net, on Salvo's sockets. Existing programs use it by an argument,
 * a system property or an agent.
 */
module dev.salvo.nio {
    requires transitive dev.salvo.socket;
    requires static org.jspecify;

    exports dev.salvo.nio;
}
