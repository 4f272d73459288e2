/** A socket with what was read ahead of the program and what waits to be sent with other datagrams. */
@NullMarked
package dev.salvo.nio.internal.endpoint;

import org.jspecify.annotations.NullMarked;
