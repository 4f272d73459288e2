/**
 * UDP sockets on file descriptors: batches that coalesce, errors that are told to the right datagram, epoll.
 *
 * <p>Everything here is owned by the thread that opened it and is used by no other, except where a method says so:
 * using an object from another thread throws {@link java.lang.WrongThreadException}, using a closed one
 * {@link java.lang.IllegalStateException}. Lengths are bytes. Ports and addresses are in the usual order of the
 * machine, not of the network.
 */
@NullMarked
package dev.salvo.socket;

import org.jspecify.annotations.NullMarked;
