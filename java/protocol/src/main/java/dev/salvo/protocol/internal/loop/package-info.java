/** The event loop of one thread, with its calls, timers, hooks and name lookups. */
@NullMarked
package dev.salvo.protocol.internal.loop;

import org.jspecify.annotations.NullMarked;
