/** Timers, which the reactor and the clock for tests share. Exported to nobody. */
@NullMarked
package dev.salvo.protocol.internal;

import org.jspecify.annotations.NullMarked;
