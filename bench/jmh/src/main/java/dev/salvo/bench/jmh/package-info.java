/** What single operations of the socket layer and of the reactor's timers cost, by JMH, and what they allocate. */
@NullMarked
package dev.salvo.bench.jmh;

import org.jspecify.annotations.NullMarked;
