/** The forwarder, with a clock that the tests wind, and with dig. */
@NullMarked
package dev.salvo.examples.dns;

import org.jspecify.annotations.NullMarked;
