/** Event loops that call protocols: a reactor on one thread, and groups of reactors that share a port. */
@NullMarked
package dev.salvo.reactor;

import org.jspecify.annotations.NullMarked;
