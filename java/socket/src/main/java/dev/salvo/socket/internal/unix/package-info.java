/** Unix sockets and environment variables, by which descriptors are handed over. */
@NullMarked
package dev.salvo.socket.internal.unix;

import org.jspecify.annotations.NullMarked;
