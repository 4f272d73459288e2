/** JMH benchmarks of single operations of the socket layer and of the reactor's timers: their time and allocations. */
@NullMarked
package dev.salvo.bench.jmh;

import org.jspecify.annotations.NullMarked;
