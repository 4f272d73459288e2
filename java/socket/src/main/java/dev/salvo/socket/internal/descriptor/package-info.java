/** Operations on one descriptor: its options, addresses and error queue. Here a {@code -errno} becomes an exception. */
@NullMarked
package dev.salvo.socket.internal.descriptor;

import org.jspecify.annotations.NullMarked;
