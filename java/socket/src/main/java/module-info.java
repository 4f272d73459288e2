/**
 * UDP sockets on Linux file descriptors: batches, coalescing, control messages, socket options and epoll. The module
 * can be used without the protocol layer.
 */
module dev.salvo.socket {
    requires dev.salvo.bindings;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.salvo.linux;
    exports dev.salvo.socket;
    exports dev.salvo.socket.handover;
    exports dev.salvo.socket.option;
    exports dev.salvo.socket.poll;
}
