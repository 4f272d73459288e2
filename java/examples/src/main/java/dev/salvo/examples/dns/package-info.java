/** A DNS forwarder: a real service, with a bounded table, timeouts and answers that may be too long. */
@NullMarked
package dev.salvo.examples.dns;

import org.jspecify.annotations.NullMarked;
