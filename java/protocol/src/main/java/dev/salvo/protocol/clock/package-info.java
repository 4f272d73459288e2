/** A clock, and calls that are made at a later time, once or repeatedly. */
@NullMarked
package dev.salvo.protocol.clock;

import org.jspecify.annotations.NullMarked;
