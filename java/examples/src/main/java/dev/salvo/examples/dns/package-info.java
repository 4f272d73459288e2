/** A DNS forwarder: a complete service with a bounded table, timeouts, and answers that may have to be truncated. */
@NullMarked
package dev.salvo.examples.dns;

import org.jspecify.annotations.NullMarked;
