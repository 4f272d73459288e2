/**
 * UDP sockets on file descriptors: batches of datagrams, coalescing, errors that are reported for the right datagram,
 * and options.
 *
 * <p>
 * Every object of this package belongs to the thread that opened it, and no other thread may use it, except where a
 * method says otherwise. A call from another thread throws {@link java.lang.WrongThreadException}. A call on a closed
 * object throws {@link java.lang.IllegalStateException}.
 *
 * <p>
 * Lengths are in bytes. Ports are in host byte order, not in network byte order.
 */
@NullMarked
package dev.salvo.socket;

import org.jspecify.annotations.NullMarked;
