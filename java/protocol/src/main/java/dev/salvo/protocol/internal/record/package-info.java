/** The log messages and the flight recorder events of the protocol layer. */
@NullMarked
package dev.salvo.protocol.internal.record;

import org.jspecify.annotations.NullMarked;
