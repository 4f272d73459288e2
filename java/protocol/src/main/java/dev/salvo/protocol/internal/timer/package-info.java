/** Timers: calls that are made once or repeatedly at a later time. */
@NullMarked
package dev.salvo.protocol.internal.timer;

import org.jspecify.annotations.NullMarked;
