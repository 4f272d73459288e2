/**
 * Ports: each connects a socket to a protocol. Its datagrams, its ICMP errors and its entry in the epoll set pass here.
 */
@NullMarked
package dev.salvo.protocol.internal.port;

import org.jspecify.annotations.NullMarked;
