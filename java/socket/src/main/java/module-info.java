/**
 * UDP sockets on Linux file descriptors: batches, coalescing, control messages, options, epoll. Usable without the
 * protocol layer.
 */
module dev.salvo.socket {
    requires dev.salvo.bindings;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.salvo.socket;
    exports dev.salvo.socket.cmsg;
    exports dev.salvo.socket.option;
}
