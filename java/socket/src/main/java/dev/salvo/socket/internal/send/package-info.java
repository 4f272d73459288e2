/** Joins datagrams into messages, sends them with sendmmsg, and finds out which datagram caused an error. */
@NullMarked
package dev.salvo.socket.internal.send;

import org.jspecify.annotations.NullMarked;
